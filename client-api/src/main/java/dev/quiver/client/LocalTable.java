package dev.quiver.client;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnArrays;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.MemoryReport;
import dev.quiver.dataframe.RecordShape;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Rows;
import dev.quiver.dataframe.Table;
import dev.quiver.dataframe.TableText;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TypeMismatch;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// A result in the session's memory.
final class LocalTable implements Table {
    private static final int ROWS_SHOWN = 20;

    private final Schema schema;
    private final TableContent content;
    private final BiFunction<LocalTable, TableContent, DataFrame> frame;

    /// @param frame makes a frame that reads the table, which can be reached as long as the frame
    LocalTable(
            Schema schema,
            TableContent content,
            BiFunction<LocalTable, TableContent, DataFrame> frame) {
        this.schema = schema;
        this.content = content;
        this.frame = frame;
    }

    TableContent content() {
        return content;
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public long rowCount() {
        return content.rowCount();
    }

    @Override
    public Row row(long index) {
        if (index < 0 || index >= rowCount())
            throw new IndexOutOfBoundsException("row %d of %d".formatted(index, rowCount()));
        int chunk = content.chunkOf(index);
        return new ChunkRow(schema, access(chunk), (int) (index - content.start(chunk)), index);
    }

    private ChunkRow.Access access(int chunk) {
        return new ChunkRow.Access() {
            @Override
            @SuppressWarnings("NullAway") // T says itself whether it may be null
            public <T extends @Nullable Object> T read(Function<Chunk, T> reading) {
                return content.read(() -> reading.apply(content.chunk(chunk)));
            }
        };
    }

    @Override
    public Rows rows() {
        return new Rows() {
            @Override
            public Stream<Row> stream() {
                return StreamSupport.stream(spliterator(), false);
            }

            @Override
            public Iterator<Row> iterator() {
                return LocalTable.this.iterator();
            }

            @Override
            public void close() {} // the table's rows stay with the table
        };
    }

    private Iterator<Row> iterator() {
        return new Iterator<>() {
            private long next;

            @Override
            public boolean hasNext() {
                return next < rowCount();
            }

            @Override
            public Row next() {
                if (!hasNext()) throw new NoSuchElementException("after the last row");
                return row(next++);
            }
        };
    }

    @Override
    public DataFrame df() {
        return content.read(() -> frame.apply(this, content));
    }

    private int number(String name) {
        int index = schema.indexOf(name, "the table");
        if (DataType.isNumeric(schema.field(index).type())) return index;
        throw new TypeMismatch(
                "column '%s' is %s, not a number".formatted(name, schema.field(index).type()),
                List.of(),
                DataType.isText(schema.field(index).type())
                        ? "use strings(\"%s\")".formatted(name)
                        : "read it row by row, or cast it before");
    }

    @Override
    public long[] longs(String column) {
        int index = number(column);
        if (!(schema.field(index).type() instanceof DataType.Int))
            throw new TypeMismatch(
                    "column '%s' is %s, not a whole number"
                            .formatted(column, schema.field(index).type()),
                    List.of(),
                    "use doubles(\"%s\")".formatted(column));
        var values = new long[Math.toIntExact(rowCount())];
        eachPart(
                index,
                column,
                (part, at) -> {
                    long[] some = longs(part, column);
                    System.arraycopy(some, 0, values, at, some.length);
                });
        return values;
    }

    private static long[] longs(FixedColumn part, String name) {
        try {
            return ColumnArrays.longs(part);
        } catch (ArithmeticException e) {
            throw new QuiverException(
                    ErrorCode.OVERFLOW,
                    "column '%s': %s".formatted(name, e.getMessage()),
                    List.of(),
                    "read it row by row, where it is a BigInteger",
                    e);
        }
    }

    @Override
    public double[] doubles(String column) {
        int index = number(column);
        var values = new double[Math.toIntExact(rowCount())];
        eachPart(
                index,
                column,
                (part, at) -> {
                    double[] some = ColumnArrays.doubles(part);
                    System.arraycopy(some, 0, values, at, some.length);
                });
        return values;
    }

    private interface PartCopy {
        /// @param at the row of the table that the part begins with
        void copy(FixedColumn part, int at);
    }

    private void eachPart(int index, String name, PartCopy copy) {
        var _ =
                content.read(() -> {
                    for (int c = 0; c < content.chunkCount(); c++) {
                        var part = (FixedColumn) content.chunk(c).column(index);
                        requireNoNull(part, name, content.start(c));
                        copy.copy(part, (int) content.start(c));
                    }
                    return true;
                });
    }

    private static void requireNoNull(FixedColumn part, String name, long start) {
        if (part.nullCount() == 0) return;
        int row = 0;
        while (!part.isNull(row)) row++;
        throw new QuiverException(
                ErrorCode.BAD_VALUE,
                "column '%s' is null in row %d".formatted(name, start + row),
                List.of(),
                "use dropNull(\"%s\") or fillNull(0, \"%s\") before, or read rows"
                        .formatted(name, name));
    }

    @Override
    public List<@Nullable String> strings(String column) {
        int index = schema.indexOf(column, "the table");
        if (!DataType.isText(schema.field(index).type()))
            throw new TypeMismatch(
                    "column '%s' is %s, not text".formatted(column, schema.field(index).type()),
                    List.of(),
                    "use longs, doubles or rows, or cast it to utf8 before");
        return content.read(() -> {
            var values = new ArrayList<@Nullable String>();
            for (int c = 0; c < content.chunkCount(); c++) {
                Column texts = content.chunk(c).column(index);
                for (int row = 0; row < texts.rows(); row++)
                    values.add((String) ColumnValues.get(texts, row));
            }
            return values;
        });
    }

    @Override
    public <R extends Record> List<R> as(Class<R> type) {
        RecordShape.Reading<R> reading = RecordShape.of(type).reading(schema, "the table");
        var records = new ArrayList<R>();
        for (int c = 0; c < content.chunkCount(); c++) {
            ChunkRow.Access access = access(c);
            long from = content.start(c);
            long to = content.start(c + 1);
            for (long index = from; index < to; index++)
                records.add(
                        new ChunkRow(schema, access, (int) (index - from), index).read(reading));
        }
        return records;
    }

    @Override
    public MemoryReport memory() {
        return content.read(() -> {
            var chunks = new ArrayList<Chunk>();
            for (int c = 0; c < content.chunkCount(); c++) chunks.add(content.chunk(c));
            return ColumnMeter.measure(schema, chunks);
        });
    }

    @Override
    public void close() {
        content.close();
    }

    /// The first rows, as `show()` prints them.
    @Override
    public String toString() {
        if (content.isClosed()) return "Table[closed]";
        return TableText.of(this, ROWS_SHOWN, TableText.terminalColumns());
    }
}
