package dev.quiver.io.parquet;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.kernel.expression.ExpressionEvaluator;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.expression.Expression;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.List;

/// A column whose type is wider in other files of the scan.
final class WidenedSource implements ColumnSource {
    private final ColumnSource source;
    private final Schema schema;
    private final ExpressionEvaluator cast;
    private final MemoryAccount account;

    /// @param source taken over
    WidenedSource(ColumnSource source, Field stored, DataType type, MemoryAccount account) {
        this.source = source;
        this.schema = Schema.of(stored);
        this.cast =
                ExpressionEvaluator.of(
                        new Expression.Cast(new Expression.Column(stored.name()), type), schema);
        this.account = account;
    }

    @Override
    public Column read(int rows) {
        try (var chunk = new Chunk(schema, List.of(source.read(rows)), rows)) {
            return cast.evaluate(chunk, account);
        }
    }

    @Override
    public void skip(long rows) {
        source.skip(rows);
    }

    @Override
    public void end() {
        source.end();
    }

    @Override
    public long bytesRead() {
        return source.bytesRead();
    }

    @Override
    public void close() {
        source.close();
        cast.close();
    }
}
