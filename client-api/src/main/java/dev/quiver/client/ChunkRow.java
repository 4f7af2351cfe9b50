package dev.quiver.client;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.dataframe.RecordShape;
import dev.quiver.dataframe.Row;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TypeMismatch;
import dev.quiver.error.UserLine;
import dev.quiver.schema.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A row of a chunk. Values are looked up when they are asked for.
final class ChunkRow implements Row {
    /// Gives the row's chunk to a reading, as long as the chunk is there.
    interface Access {
        <T extends @Nullable Object> T read(Function<Chunk, T> reading);
    }

    private final Schema schema;
    private final Access access;
    private final int row;
    private final long index;

    /// @param row within the chunk
    /// @param index within the table
    ChunkRow(Schema schema, Access access, int row, long index) {
        this.schema = schema;
        this.access = access;
        this.row = row;
        this.index = index;
    }

    @Override
    public Schema schema() {
        return schema;
    }

    private int column(String name) {
        return schema.indexOf(name, "the table");
    }

    private @Nullable Object valueOrNull(int column) {
        return access.<@Nullable Object>read(chunk -> ColumnValues.get(chunk.column(column), row));
    }

    private Object value(String name, String instead) {
        Object value = valueOrNull(column(name));
        if (value != null) return value;
        throw new QuiverException(
                ErrorCode.BAD_VALUE,
                "column '%s' is null in row %d".formatted(name, index),
                UserLine.here().map(line -> List.of("read at: " + line)).orElse(List.of()),
                instead);
    }

    private TypeMismatch mismatch(String name, String asked, String instead) {
        return new TypeMismatch(
                "column '%s' is %s, not %s (row %d)"
                        .formatted(name, schema.type(name), asked, index),
                UserLine.here().map(line -> List.of("read at: " + line)).orElse(List.of()),
                instead);
    }

    private <T> T get(String name, Class<T> type, String asked) {
        Object value = value(name, "use find(\"%s\", …) or isNull(\"%s\")".formatted(name, name));
        if (type.isInstance(value)) return type.cast(value);
        throw mismatch(
                name,
                asked,
                "use find(\"%s\", %s.class), or cast the column before"
                        .formatted(name, value.getClass().getSimpleName()));
    }

    @Override
    public boolean isNull(String column) {
        int index = column(column);
        return access.read(chunk -> chunk.column(index).isNull(row));
    }

    @Override
    public boolean getBoolean(String column) {
        return get(column, Boolean.class, "bool");
    }

    @Override
    public int getInt(String column) {
        long value = getLong(column);
        if (value == (int) value) return (int) value;
        throw new QuiverException(
                ErrorCode.OVERFLOW,
                "%d in column '%s' doesn't fit an int (row %d)".formatted(value, column, index),
                List.of(),
                "use getLong(\"%s\")".formatted(column));
    }

    @Override
    public long getLong(String column) {
        Object value = value(column, "use getLong(\"%s\", whenNull)".formatted(column));
        return toLong(column, value);
    }

    @Override
    public long getLong(String column, long whenNull) {
        Object value = valueOrNull(column(column));
        return value == null ? whenNull : toLong(column, value);
    }

    private long toLong(String column, Object value) {
        if (value instanceof Long number) return number;
        if (value instanceof BigInteger number && number.bitLength() < Long.SIZE)
            return number.longValue();
        throw mismatch(column, "a whole number of 64 bits", "use getDouble or getDecimal");
    }

    @Override
    public double getDouble(String column) {
        Object value = value(column, "use getDouble(\"%s\", whenNull)".formatted(column));
        return toDouble(column, value);
    }

    @Override
    public double getDouble(String column, double whenNull) {
        Object value = valueOrNull(column(column));
        return value == null ? whenNull : toDouble(column, value);
    }

    private double toDouble(String column, Object value) {
        if (value instanceof Number number) return number.doubleValue();
        throw mismatch(column, "a number", "cast the column, or use its own getter");
    }

    @Override
    public String getString(String column) {
        return get(column, String.class, "text");
    }

    @Override
    public String getString(String column, String whenNull) {
        return isNull(column) ? whenNull : getString(column);
    }

    @Override
    public BigDecimal getDecimal(String column) {
        Object value = value(column, "use find(\"%s\", BigDecimal.class)".formatted(column));
        return switch (value) {
            case BigDecimal number -> number;
            case Long number -> BigDecimal.valueOf(number);
            case BigInteger number -> new BigDecimal(number);
            default -> throw mismatch(column, "an exact number", "cast the column to a decimal");
        };
    }

    @Override
    public LocalDate getDate(String column) {
        return get(column, LocalDate.class, "a date");
    }

    @Override
    public Instant getInstant(String column) {
        return get(column, Instant.class, "a timestamp with a zone");
    }

    @Override
    public LocalDateTime getDateTime(String column) {
        return get(column, LocalDateTime.class, "a timestamp without a zone");
    }

    @Override
    public <T> Optional<T> find(String column, Class<T> type) {
        Object value = valueOrNull(column(column));
        if (value == null) return Optional.empty();
        if (type.isInstance(value)) return Optional.of(type.cast(value));
        return Optional.of(type.cast(converted(column, value, type)));
    }

    private Object converted(String column, Object value, Class<?> type) {
        if (type == Integer.class && value instanceof Long) return getInt(column);
        if (type == Double.class && value instanceof Number number) return number.doubleValue();
        if (type == BigDecimal.class && value instanceof Number) return getDecimal(column);
        throw mismatch(
                column,
                type.getSimpleName(),
                "ask for %s.class".formatted(value.getClass().getSimpleName()));
    }

    @Override
    public <R extends Record> R as(Class<R> type) {
        return read(RecordShape.of(type).reading(schema, "the table"));
    }

    /// This row as a record that was looked up before.
    <R extends Record> R read(RecordShape.Reading<R> reading) {
        return reading.read(
                new RecordShape.RowValues() {
                    @Override
                    public @Nullable Object value(int column) {
                        return valueOrNull(column);
                    }

                    @Override
                    public long row() {
                        return index;
                    }
                });
    }

    @Override
    public String toString() {
        var text = new StringBuilder("{");
        for (int i = 0; i < schema.size(); i++) {
            if (i > 0) text.append(", ");
            text.append(schema.field(i).name()).append(": ").append(valueOrNull(i));
        }
        return text.append('}').toString();
    }
}
