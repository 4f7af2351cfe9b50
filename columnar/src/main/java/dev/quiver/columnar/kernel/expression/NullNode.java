package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.schema.DataType;

/// `is null` and `is not null`.
///
/// @param whenNull what a null becomes
record NullNode(boolean whenNull, Node input) implements Node {
    @Override
    public DataType type() {
        return DataType.BOOL;
    }

    @Override
    public Operand evaluate(Input in, Mask mask) {
        try (Operand operand = input.evaluate(in, mask)) {
            if (operand instanceof Operand.Constant(var value, _))
                return new Operand.Constant(whenNull == (value == null), DataType.BOOL);
            Buffer validity = ((Operand.Vector) operand).validity();
            if (!whenNull && validity != null)
                return new Operand.Vector(new BoolColumn(in.rows(), validity.retain(), null));
            Buffer values = in.account().allocate(Validity.bytes(in.rows()));
            for (int i = 0; i < in.words(); i++) {
                long at = (long) i << 3;
                long nulls = validity == null ? 0 : ~validity.segment().get(Layouts.LONG, at);
                values.segment().set(Layouts.LONG, at, whenNull ? nulls : ~nulls);
            }
            return new Operand.Vector(new BoolColumn(in.rows(), values, null));
        }
    }

    @Override
    public void close() {
        input.close();
    }
}
