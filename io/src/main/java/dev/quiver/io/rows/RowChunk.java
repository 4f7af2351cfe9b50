package dev.quiver.io.rows;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.ScanDictionaries;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A chunk that is made row by row: a value is appended to each of [#columns], then [#endRow] is
/// called. Starts again after [#take].
public final class RowChunk implements AutoCloseable {
    private static final long BYTES_MAX = 64L << 20;

    private final Schema schema;
    private final ScanDictionaries dictionaries;
    private final List<ColumnAppender> columns = new ArrayList<>();
    private int rows;

    /// @param account pays for the columns
    /// @param dictionaries hold the codes of text columns; taken over
    public RowChunk(Schema schema, MemoryAccount account, ScanDictionaries dictionaries) {
        this.schema = schema;
        this.dictionaries = dictionaries;
        var context = new ColumnAppender.Context(account, dictionaries);
        try {
            for (Field field : schema.fields()) columns.add(ColumnAppender.of(field, context));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    public List<ColumnAppender> columns() {
        return columns;
    }

    public int rows() {
        return rows;
    }

    /// Ends a row; columns without a value are null in it.
    public void endRow() {
        for (int i = 0; i < columns.size(); i++) {
            ColumnAppender column = columns.get(i);
            if (column.rows() == rows) column.appendNull();
        }
        rows++;
    }

    /// Takes away what was appended for the row that isn't ended.
    public void dropRow() {
        for (ColumnAppender column : columns) column.cut(rows);
    }

    /// Whether it should be given on.
    public boolean isFull() {
        if (rows >= Chunk.ROWS) return true;
        if ((rows & 63) != 0) return false;
        long bytes = 0;
        for (ColumnAppender column : columns) bytes += column.bytes();
        return bytes >= BYTES_MAX;
    }

    /// The rows so far, which the caller owns; null without rows.
    public @Nullable Chunk take() {
        if (rows == 0) return null;
        var made = new ArrayList<Column>();
        try {
            for (ColumnAppender column : columns) made.add(column.finish());
            var chunk = new Chunk(schema, made, rows);
            rows = 0;
            return chunk;
        } catch (RuntimeException | Error e) {
            made.forEach(Column::close);
            throw e;
        }
    }

    @Override
    public void close() {
        columns.forEach(ColumnAppender::close);
        dictionaries.close();
    }
}
