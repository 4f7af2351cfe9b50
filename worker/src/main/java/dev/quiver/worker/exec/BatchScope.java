package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.dataframe.Batch;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TypeMismatch;
import dev.quiver.error.Unavailable;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;

/// One call of a function of `mapBatches`: owns the columns that it makes, and ends with it.
public final class BatchScope implements AutoCloseable {
    private final Schema makes;
    private final MemoryAccount account;
    private final List<Column> made = new ArrayList<>();
    private final ColumnBuilders builders;
    private boolean ended;

    /// @param makes the columns that the function promised
    BatchScope(Schema makes, MemoryAccount account) {
        this.makes = makes;
        this.account = account;
        this.builders = new ColumnBuilders(account);
    }

    /// What the made columns count their memory to.
    public MemoryAccount account() {
        return account;
    }

    /// The columns that the function promised.
    public Schema makes() {
        return makes;
    }

    /// Takes a column over until the call ends.
    ///
    /// @return the column
    public synchronized Column own(Column column) {
        made.add(column);
        return column;
    }

    /// @throws Unavailable when the call has ended
    synchronized void requireOpen() {
        if (ended)
            throw new Unavailable(
                    "this batch is gone: its function has returned",
                    List.of(),
                    "copy what you need inside the function, as with doubles(…)");
    }

    /// The type that a column must have.
    DataType promised(String column) {
        return makes.field(makes.indexOf(column, "what mapBatches makes")).type();
    }

    /// A builder of a column.
    synchronized ColumnBuilder builder(DataType type) {
        return builders.of(type);
    }

    /// The promised columns of a batch. The caller owns the chunk.
    Chunk chunk(Batch batch) {
        if (!(batch instanceof ColumnBatch columns && columns.isOf(this)))
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "the function of mapBatches returned a batch of another call",
                    List.of(),
                    "return what the batch's own methods made: with, filter, ofRows");
        var promised = new ArrayList<Column>();
        for (Field field : makes.fields()) promised.add(promised(columns, field));
        promised.forEach(Column::retain);
        return new Chunk(makes, promised, columns.rowCount());
    }

    private static Column promised(ColumnBatch batch, Field field) {
        if (!batch.schema().has(field.name()))
            throw new QuiverException(
                    ErrorCode.COLUMN_NOT_FOUND,
                    "the function of mapBatches made no column '%s'".formatted(field.name()),
                    List.of("has: " + String.join(", ", batch.schema().names())),
                    "make it by batch.with(\"%s\", …), or leave it out of the schema"
                            .formatted(field.name()));
        DataType type = batch.schema().type(field.name());
        if (type.equals(field.type())) return batch.column(field.name());
        throw new TypeMismatch(
                "column '%s' of the function of mapBatches is %s, and was to be %s"
                        .formatted(field.name(), type, field.type()),
                List.of(),
                "make it anew by batch.with(\"%s\", …), or cast it before".formatted(field.name()));
    }

    @Override
    public synchronized void close() {
        ended = true;
        made.forEach(Column::close);
        made.clear();
        builders.close();
    }
}
