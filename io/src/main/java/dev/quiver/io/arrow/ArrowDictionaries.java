package dev.quiver.io.arrow;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.kernel.Concat;
import dev.quiver.columnar.kernel.Take;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.ScanDictionaries;
import dev.quiver.schema.DataType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.RecordBatch;
import org.jspecify.annotations.Nullable;

/// The dictionaries of a file as far as they were read: those of text as codes of ours, others as
/// columns of their values.
final class ArrowDictionaries implements AutoCloseable {
    private static final int NULL = -1;

    /// A dictionary of ours, and for each value of the file's its code there, or [#NULL].
    private static final class Texts {
        final Dictionary texts;
        final int[] codes;

        Texts(Dictionary texts, int[] codes) {
            this.texts = texts;
            this.codes = codes;
        }
    }

    private final ArrowFile file;
    private final ScanDictionaries dictionaries;
    private final MemoryAccount account;
    private final Map<Long, Texts> texts = new HashMap<>();
    private final Map<Long, Column> others = new HashMap<>();
    private int read;

    ArrowDictionaries(ArrowFile file, ScanDictionaries dictionaries, MemoryAccount account) {
        this.file = file;
        this.dictionaries = dictionaries;
        this.account = account;
    }

    /// Reads the dictionaries that a batch needs: those before it in a stream, all of a file.
    void readFor(ArrowFile.Block batch) throws IOException {
        List<ArrowFile.Block> blocks = file.dictionaries();
        while (read < blocks.size()) {
            ArrowFile.Block block = blocks.get(read);
            if (file.isStream() && block.metadata() > batch.metadata()) return;
            read(block);
            read++;
        }
    }

    private void read(ArrowFile.Block block) throws IOException {
        var batch =
                (DictionaryBatch)
                        Objects.requireNonNull(file.message(block).header(new DictionaryBatch()));
        ArrowField field = file.fields().dictionaries().get(batch.id());
        if (field == null) return;
        RecordBatch values = Objects.requireNonNull(batch.data());
        var body = new ArrowBody(file, block, values, account);
        try (Column column = new ArrowColumns(body, file.trouble(), this, account).next(field)) {
            boolean isText = column.type().equals(DataType.UTF8);
            if (isText) addTexts(batch, (VariableColumn) column);
            else addOthers(batch, column);
        }
    }

    private void addTexts(DictionaryBatch batch, VariableColumn column) {
        Texts before = batch.isDelta() ? texts.get(batch.id()) : null;
        Dictionary dictionary = dictionaries.dictionary("dictionary " + batch.id());
        int from = before == null ? 0 : before.codes.length;
        int[] codes =
                before == null
                        ? new int[column.rows()]
                        : Arrays.copyOf(before.codes, from + column.rows());
        for (int i = 0; i < column.rows(); i++) {
            if (column.isNull(i)) {
                codes[from + i] = NULL;
                continue;
            }
            if (!dictionary.hasRoomFor(1, column.length(i)))
                throw file.trouble()
                        .unsupported(
                                "dictionary " + batch.id(),
                                "it has more than %d values".formatted(Dictionary.SIZE_MAX));
            codes[from + i] = dictionary.add(column.data(), column.start(i), column.length(i));
        }
        texts.put(batch.id(), new Texts(dictionary, codes));
    }

    private void addOthers(DictionaryBatch batch, Column column) {
        Column before = others.get(batch.id());
        Column all;
        if (before == null || !batch.isDelta()) all = column.retain();
        else
            all =
                    Concat.column(
                            column.type(),
                            List.of(Concat.Span.of(before), Concat.Span.of(column)),
                            account);
        others.put(batch.id(), all);
        if (before != null) before.close();
    }

    /// The column of some indices of a dictionary.
    ///
    /// @param indices int32, not negative; taken over, as `validity` is
    /// @param held both of them, which goes back when the column isn't made
    Column column(
            ArrowField field,
            int rows,
            Buffer indices,
            @Nullable Buffer validity,
            List<Buffer> held) {
        Column other = others.get(field.dictionary());
        if (other != null) return gathered(other, rows, indices, validity, held);
        Texts known = texts.get(field.dictionary());
        if (known == null) {
            if (rows > 0 && (validity == null || Validity.countOnes(validity.segment(), rows) > 0))
                throw file.trouble().corrupt("a dictionary is missing");
            Dictionary dictionary = dictionaries.dictionary(field.field().name());
            return new DictionaryColumn(
                    field.type(), rows, indices, dictionary, dictionary.pin(), validity);
        }
        Buffer bits = validity;
        MemorySegment codes = indices.segment();
        for (int row = 0; row < rows; row++) {
            if (!Validity.isValid(bits, row)) continue;
            int code = known.codes[checked(codes.get(Layouts.INT, row * 4L), known.codes.length)];
            if (code == NULL) {
                if (bits == null) bits = allValid(rows, held);
                Validity.set(bits.segment(), row, false);
                code = 0;
            }
            codes.set(Layouts.INT, row * 4L, code);
        }
        return new DictionaryColumn(
                field.type(), rows, indices, known.texts, known.texts.pin(), bits);
    }

    private Buffer allValid(int rows, List<Buffer> held) {
        Buffer bits = account.allocate(Validity.bytes(rows));
        held.add(bits);
        Validity.fill(bits.segment(), rows);
        return bits;
    }

    private int checked(int index, int size) {
        if (index < size) return index;
        throw file.trouble().corrupt("an index of a dictionary is %d of %d".formatted(index, size));
    }

    private Column gathered(
            Column values, int rows, Buffer indices, @Nullable Buffer validity, List<Buffer> held) {
        MemorySegment at = indices.segment();
        for (int row = 0; row < rows; row++) {
            if (Validity.isValid(validity, row))
                checked(at.get(Layouts.INT, row * 4L), values.rows());
            else at.set(Layouts.INT, row * 4L, NULL);
        }
        Column column = Take.column(values, at, 0, rows, true, account);
        held.clear();
        indices.close();
        if (validity != null) validity.close();
        return column;
    }

    @Override
    public void close() {
        others.values().forEach(Column::close);
        others.clear();
        dictionaries.close();
    }
}
