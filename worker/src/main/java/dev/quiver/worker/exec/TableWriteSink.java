package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.jdbc.StagedRows;
import dev.quiver.operator.TableTarget;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.FileNote;
import dev.quiver.worker.store.TaskOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Writes a partition into the staging table of a database.
final class TableWriteSink implements SinkRun {
    private final TableTarget target;
    private final Schema schema;
    private final int partition;
    private final MemoryAccount account;
    private final Supplier<List<FileNote>> quarantined;
    private @Nullable StagedRows rows;

    /// @param quarantined what gates kept on the way here, asked at the end
    TableWriteSink(
            TableTarget target,
            Schema schema,
            int partition,
            MemoryAccount account,
            Supplier<List<FileNote>> quarantined) {
        this.target = target;
        this.schema = schema;
        this.partition = partition;
        this.account = account;
        this.quarantined = quarantined;
    }

    @Override
    public void accept(Chunk chunk) {
        rows().append(chunk);
    }

    private StagedRows rows() {
        StagedRows open = rows;
        if (open != null) return open;
        open = StagedRows.open(target, schema, partition);
        rows = open;
        return open;
    }

    @Override
    public TaskOutput finish() {
        StagedRows.Staged staged = rows().finish();
        var manifest = new ArrayList<List<Object>>();
        manifest.add(
                new FileNote(target.title(), "", staged.rows(), staged.bytes(), FileNote.ROWS, 0)
                        .values());
        for (FileNote kept : quarantined.get()) manifest.add(kept.values());
        return TaskOutput.ofChunks(
                List.of(ColumnBuilder.chunk(FileNote.MANIFEST, account, manifest)));
    }

    @Override
    public void close() {
        StagedRows open = rows;
        rows = null;
        if (open != null) open.close();
    }
}
