package dev.quiver.benchmarks.kernel;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;

/// The memory of one benchmark and the columns that it reads, made before anything is timed.
///
/// Columns and chunks belong to it; what kernels make out of them belongs to who called the kernel.
/// Closing fails when a kernel left memory behind.
final class InputColumns implements AutoCloseable {
    private static final long POOL_BYTES = 4L << 30;

    private final MemoryPool pool = new MemoryPool(POOL_BYTES);
    private final MemoryAccount account = pool.account(new Owner("benchmark", "kernel", 0));
    private final List<Column> columns = new ArrayList<>();
    private final List<Chunk> chunks = new ArrayList<>();
    private final List<Dictionary> dictionaries = new ArrayList<>();

    MemoryAccount account() {
        return account;
    }

    Column ints(int rows, IntUnaryOperator value) {
        Buffer buffer = account.allocate(rows * 4L);
        for (int i = 0; i < rows; i++)
            buffer.segment().set(Layouts.INT, i * 4L, value.applyAsInt(i));
        return own(new FixedColumn(DataType.INT32, rows, buffer, null));
    }

    Column longs(int rows, IntToLongFunction value) {
        Buffer buffer = account.allocate(rows * 8L);
        for (int i = 0; i < rows; i++)
            buffer.segment().set(Layouts.LONG, i * 8L, value.applyAsLong(i));
        return own(new FixedColumn(DataType.INT64, rows, buffer, null));
    }

    Column doubles(int rows, IntToDoubleFunction value) {
        Buffer buffer = account.allocate(rows * 8L);
        for (int i = 0; i < rows; i++)
            buffer.segment().set(Layouts.DOUBLE, i * 8L, value.applyAsDouble(i));
        return own(new FixedColumn(DataType.FLOAT64, rows, buffer, null));
    }

    Column bools(int rows, IntPredicate value, IntPredicate valid) {
        return own(new BoolColumn(rows, bits(rows, value), bits(rows, valid)));
    }

    private Buffer bits(int rows, IntPredicate value) {
        Buffer buffer = account.allocateZeroed(Validity.bytes(rows));
        for (int i = 0; i < rows; i++) if (value.test(i)) Validity.set(buffer.segment(), i, true);
        return buffer;
    }

    /// Plain utf8: [RowValues#text] of each row's number.
    Column texts(int rows, IntUnaryOperator number) {
        Buffer offsets = account.allocateZeroed((rows + 1) * 4L);
        int width = RowValues.text(0).length();
        Buffer bytes = account.allocate((long) rows * width + VariableColumn.PADDING_BYTES);
        for (int i = 0; i < rows; i++) {
            byte[] text = utf8(number.applyAsInt(i));
            MemorySegment.copy(text, 0, bytes.segment(), Layouts.BYTE, (long) i * width, width);
            offsets.segment().set(Layouts.INT, (i + 1) * 4L, (i + 1) * width);
        }
        return own(new VariableColumn(DataType.UTF8, rows, offsets, bytes, null));
    }

    /// The same texts as codes of a dictionary of the column's own, which holds those of `numbers`.
    Column categories(int rows, int numbers, IntUnaryOperator number) {
        var dictionary = new Dictionary(account);
        dictionaries.add(dictionary);
        for (int i = 0; i < numbers; i++) dictionary.add(RowValues.text(i));
        Buffer codes = account.allocate(rows * 4L);
        for (int i = 0; i < rows; i++)
            codes.segment().set(Layouts.INT, i * 4L, number.applyAsInt(i));
        return own(
                new DictionaryColumn(
                        DataType.CATEGORICAL, rows, codes, dictionary, dictionary.pin(), null));
    }

    private static byte[] utf8(int number) {
        return RowValues.text(number).getBytes(StandardCharsets.US_ASCII);
    }

    private Column own(Column column) {
        columns.add(column);
        return column;
    }

    /// Columns `c0, c1 …` as one chunk, which stays this one's own.
    Chunk chunk(Column... parts) {
        var fields = new ArrayList<Field>();
        var shares = new ArrayList<Column>();
        for (int i = 0; i < parts.length; i++) {
            fields.add(Field.of("c" + i, parts[i].type()));
            shares.add(parts[i].retain());
        }
        var made = new Chunk(new Schema(fields), shares, parts[0].rows());
        chunks.add(made);
        return made;
    }

    /// A chunk cut as sources cut theirs; the parts stay this one's own.
    List<Chunk> cut(Chunk whole) {
        var parts = new ArrayList<Chunk>();
        for (int from = 0; from < whole.rows(); from += Chunk.ROWS)
            parts.add(whole.slice(from, Math.min(Chunk.ROWS, whole.rows() - from)));
        chunks.addAll(parts);
        return parts;
    }

    @Override
    public void close() {
        chunks.forEach(Chunk::close);
        columns.forEach(Column::close);
        dictionaries.forEach(Dictionary::close);
        long left = pool.usedBytes();
        pool.close();
        if (left > 0) throw new IllegalStateException("%d bytes left behind".formatted(left));
    }
}
