package dev.quiver.columnar;

import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;

/// Some rows of a frame, as columns. Immutable; owns one share of each column's buffers.
///
/// A chunk's borders in a partition lie at multiples of 64 rows wherever an operator cuts one.
public final class Chunk implements AutoCloseable {
    /// Rows that sources put in a chunk: a few columns of them stay in the second-level cache.
    public static final int ROWS = 16_384;

    private final Schema schema;
    private final List<Column> columns;
    private final int rows;

    /// Takes the columns over.
    ///
    /// @param columns one a field, of the field's type, each with `rows` rows
    public Chunk(Schema schema, List<? extends Column> columns, int rows) {
        this.schema = schema;
        this.columns = List.copyOf(columns);
        this.rows = rows;
        if (columns.size() != schema.size())
            throw new IllegalArgumentException(
                    "%d columns for %d fields".formatted(columns.size(), schema.size()));
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (column.rows() != rows || !column.type().equals(schema.field(i).type()))
                throw new IllegalArgumentException(
                        "column '%s': %d rows of %s, expected %d of %s"
                                .formatted(
                                        schema.field(i).name(),
                                        column.rows(),
                                        column.type(),
                                        rows,
                                        schema.field(i).type()));
        }
    }

    public Schema schema() {
        return schema;
    }

    public int rows() {
        return rows;
    }

    public List<Column> columns() {
        return columns;
    }

    public Column column(int index) {
        return columns.get(index);
    }

    /// The column of that name, still this chunk's own.
    ///
    /// @throws dev.quiver.error.ColumnNotFound naming the nearest column
    public Column column(String name) {
        return columns.get(schema.indexOf(name, "the chunk"));
    }

    /// Takes a share of every column.
    ///
    /// @return this
    public Chunk retain() {
        for (Column column : columns) column.retain();
        return this;
    }

    /// Rows `[from, from + count)`, sharing the memory; the caller owns the result.
    ///
    /// @param from a multiple of 64
    public Chunk slice(int from, int count) {
        var parts = new ArrayList<Column>();
        for (Column column : columns) parts.add(column.slice(from, count));
        return new Chunk(schema, parts, count);
    }

    /// Bytes of all columns, as [Column#bytes] counts them.
    public long bytes() {
        return columns.stream().mapToLong(Column::bytes).sum();
    }

    @Override
    public void close() {
        for (Column column : columns) column.close();
    }
}
