package dev.quiver.io.parquet;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.kernel.Nulls;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import java.util.Collections;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One value in every row, or null: a column that a file's folder holds, or that the file lacks.
final class ConstantSource implements ColumnSource {
    private final Column column;

    /// @param shared the codes of texts; null for other types
    ConstantSource(
            Optional<Object> value,
            DataType type,
            @Nullable Dictionary shared,
            MemoryAccount account) {
        this.column = column(value.orElse(null), type, shared, account);
    }

    private static Column column(
            @Nullable Object value,
            DataType type,
            @Nullable Dictionary shared,
            MemoryAccount account) {
        var values = Collections.nCopies(Chunk.ROWS, value);
        if (shared != null) return ColumnBuilder.encodedColumn(type, account, shared, values);
        if (value == null) return Nulls.column(type, Chunk.ROWS, account);
        return ColumnBuilder.column(type, account, values);
    }

    @Override
    public Column read(int rows) {
        return rows == column.rows() ? column.retain() : column.slice(0, rows);
    }

    @Override
    public void skip(long rows) {}

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    public void close() {
        column.close();
    }
}
