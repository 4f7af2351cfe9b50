package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.Sink;
import dev.quiver.worker.store.FileNote;
import dev.quiver.worker.store.TaskOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes one file of those that a manifest lists. They stay, since another attempt may need them;
/// they go with the staging directory.
final class JoinFilesSink implements SinkRun {
    private final Sink.JoinFiles join;
    private final Formats formats;
    private final MemoryAccount account;
    private final Checkpoint checkpoint;
    private final List<Path> parts = new ArrayList<>();

    /// What else the manifest says: files that are published as they are.
    private final List<List<Object>> others = new ArrayList<>();

    private long rows;
    private @Nullable Path unfinished;

    JoinFilesSink(
            Sink.JoinFiles join, Formats formats, MemoryAccount account, Checkpoint checkpoint) {
        this.join = join;
        this.formats = formats;
        this.account = account;
        this.checkpoint = checkpoint;
    }

    @Override
    public void accept(Chunk manifest) {
        for (int i = 0; i < manifest.rows(); i++) {
            var values = new ArrayList<Object>();
            for (Column column : manifest.columns())
                values.add(Objects.requireNonNull(ColumnValues.get(column, i)));
            FileNote note = FileNote.of(values);
            if (note.kind().equals(FileNote.ROWS)) {
                parts.add(Path.of(note.temporary()));
                rows += note.rows();
            } else {
                others.add(values);
            }
        }
    }

    @Override
    public TaskOutput finish() {
        String name = "all-%s".formatted(UUID.randomUUID());
        Path into = Path.of(join.target().staging(), name);
        unfinished = into;
        long bytes = formats.join(parts, into, join.target(), join.schema(), account, checkpoint);
        var notes = new ArrayList<List<Object>>();
        String path = join.target().path();
        notes.add(new FileNote(path, into.toString(), rows, bytes, FileNote.ROWS, 0).values());
        notes.addAll(others);
        Chunk manifest = ColumnBuilder.chunk(FileNote.MANIFEST, account, notes);
        unfinished = null;
        return TaskOutput.ofChunks(List.of(manifest));
    }

    @Override
    public void close() {
        Path file = unfinished;
        unfinished = null;
        if (file == null) return;
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "can't remove '%s': %s".formatted(file, e),
                    List.of(),
                    "remove it, and check its directory's permissions",
                    e);
        }
    }
}
