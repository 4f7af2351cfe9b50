package dev.quiver.dataframe;

import dev.quiver.schema.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A table of Java values, for what reads tables.
record ListTable(Schema schema, List<List<Optional<Object>>> values) implements Table {
    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("the tests don't ask for this");
    }

    @Override
    public long rowCount() {
        return values.size();
    }

    @Override
    public Row row(long index) {
        return new ListRow(schema, values.get((int) index));
    }

    @Override
    public Rows rows() {
        throw unused();
    }

    @Override
    public DataFrame df() {
        throw unused();
    }

    @Override
    public long[] longs(String column) {
        throw unused();
    }

    @Override
    public double[] doubles(String column) {
        throw unused();
    }

    @Override
    public List<@Nullable String> strings(String column) {
        throw unused();
    }

    @Override
    public <R extends Record> List<R> as(Class<R> type) {
        throw unused();
    }

    @Override
    public MemoryReport memory() {
        throw new UnsupportedOperationException("a list has no columns");
    }

    @Override
    public void close() {}

    private record ListRow(Schema schema, List<Optional<Object>> values) implements Row {
        @Override
        public <T> Optional<T> find(String column, Class<T> type) {
            return values.get(schema.indexOf(column, "the table")).map(type::cast);
        }

        @Override
        public boolean isNull(String column) {
            return find(column, Object.class).isEmpty();
        }

        @Override
        public boolean getBoolean(String column) {
            return find(column, Boolean.class).orElseThrow();
        }

        @Override
        public int getInt(String column) {
            return Math.toIntExact(getLong(column));
        }

        @Override
        public long getLong(String column) {
            return find(column, Long.class).orElseThrow();
        }

        @Override
        public long getLong(String column, long whenNull) {
            return find(column, Long.class).orElse(whenNull);
        }

        @Override
        public double getDouble(String column) {
            return find(column, Double.class).orElseThrow();
        }

        @Override
        public double getDouble(String column, double whenNull) {
            return find(column, Double.class).orElse(whenNull);
        }

        @Override
        public String getString(String column) {
            return find(column, String.class).orElseThrow();
        }

        @Override
        public String getString(String column, String whenNull) {
            return find(column, String.class).orElse(whenNull);
        }

        @Override
        public BigDecimal getDecimal(String column) {
            return find(column, BigDecimal.class).orElseThrow();
        }

        @Override
        public LocalDate getDate(String column) {
            return find(column, LocalDate.class).orElseThrow();
        }

        @Override
        public Instant getInstant(String column) {
            return find(column, Instant.class).orElseThrow();
        }

        @Override
        public LocalDateTime getDateTime(String column) {
            return find(column, LocalDateTime.class).orElseThrow();
        }

        @Override
        public <R extends Record> R as(Class<R> type) {
            throw unused();
        }
    }
}
