package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.schema.DataType;
import org.jspecify.annotations.Nullable;

/// A cast from utf8 to categorical: all chunks share one dictionary.
final class EncodeNode implements Node {
    private final Node input;
    private @Nullable Dictionary dictionary;

    EncodeNode(Node input) {
        this.input = input;
    }

    @Override
    public DataType type() {
        return DataType.CATEGORICAL;
    }

    @Override
    public Operand evaluate(Input in, Mask mask) {
        try (Operand operand = input.evaluate(in, mask)) {
            return switch (operand) {
                case Operand.Constant(var value, _) -> new Operand.Constant(value, type());
                case Operand.Vector(DictionaryColumn coded) ->
                        new Operand.Vector(CastKernels.renamed(coded, type()));
                case Operand.Vector(Column column) ->
                        new Operand.Vector(encode((VariableColumn) column, in));
            };
        }
    }

    private Column encode(VariableColumn plain, Input in) {
        if (dictionary == null) dictionary = new Dictionary(in.account());
        Buffer codes = in.account().allocate(plain.rows() * 4L);
        try {
            return encode(plain, dictionary, codes);
        } catch (RuntimeException | Error e) {
            codes.close();
            throw e;
        }
    }

    private DictionaryColumn encode(VariableColumn plain, Dictionary dictionary, Buffer codes) {
        for (int row = 0; row < plain.rows(); row++) {
            int start = plain.start(row);
            int code =
                    plain.isNull(row)
                            ? 0
                            : dictionary.add(plain.data(), start, plain.end(row) - start);
            codes.segment().set(Layouts.INT, row * 4L, code);
        }
        Buffer validity = plain.validity();
        return new DictionaryColumn(
                type(),
                plain.rows(),
                codes,
                dictionary,
                dictionary.pin(),
                validity == null ? null : validity.retain());
    }

    @Override
    public void close() {
        if (dictionary != null) dictionary.close();
        dictionary = null;
        input.close();
    }
}
