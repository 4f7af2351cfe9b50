package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.FileWritten;
import dev.quiver.io.WholeFile;
import dev.quiver.io.WriteFailure;
import dev.quiver.io.store.Compression;
import dev.quiver.io.store.Stores;
import dev.quiver.operator.WriteTarget;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.FileNote;
import dev.quiver.worker.store.TaskOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Writes files under temporary names and says in a manifest what they are to be called. What a
/// failed attempt has written stays in the staging directory until that goes as a whole: removing
/// large files takes a disk long, and a slot has better to do.
///
/// Without partition columns the rows stream into one file, or into files of a size. With them,
/// rows wait until [#BYTES_WAITING_MAX] have gathered, and go file by file into one folder for each
/// combination of values.
final class WriteSink implements SinkRun {
    static final long BYTES_WAITING_MAX = 128L << 20;

    private final WriteTarget target;
    private final Schema schema;
    private final int partition;
    private final Formats formats;
    private final MemoryAccount account;
    private final Supplier<List<FileNote>> quarantined;
    private final KeptRows kept;
    private final List<List<Object>> manifest = new ArrayList<>();
    private final RollingFile rows;

    /// The file that was begun last.
    private @Nullable Path temporary;

    private int filesWritten;
    private int batchesWritten;

    /// @param quarantined what gates kept on the way here, asked at the end
    WriteSink(
            WriteTarget target,
            Schema schema,
            int partition,
            Formats formats,
            MemoryAccount account,
            Supplier<List<FileNote>> quarantined) {
        this.target = target;
        this.schema = schema;
        this.partition = partition;
        this.formats = formats;
        this.account = account;
        this.quarantined = quarantined;
        this.kept = new KeptRows(account);
        this.rows =
                new RollingFile(
                        target.fileLimits(),
                        account,
                        () -> formats.create(temporary(), target, schema, account),
                        written -> note(path(), written));
    }

    /// The name of the file that was written.
    private Path path() {
        Path path = Stores.path(target.path());
        return target.directory() ? path.resolve(fileName()) : path;
    }

    /// The name of the next part.
    private String fileName() {
        return target.fileLimits().isNone()
                ? "part-%05d%s".formatted(partition, extension())
                : "part-%05d-%05d%s".formatted(partition, filesWritten++, extension());
    }

    /// The name of the next part in a folder: one a batch of waiting rows, unless files have a
    /// size.
    private String folderFileName() {
        return batchesWritten == 0 || !target.fileLimits().isNone()
                ? fileName()
                : "part-%05d-%d%s".formatted(partition, batchesWritten, extension());
    }

    @Override
    public void accept(Chunk chunk) {
        try {
            write(chunk);
        } catch (QuiverException e) {
            throw ofTarget(e);
        }
    }

    /// People know the name that they gave, not that of the file that is written until it is whole.
    private QuiverException ofTarget(QuiverException thrown) {
        if (thrown.code() != ErrorCode.IO_FAILED) return thrown;
        Throwable cause = thrown.getCause();
        String message = cause == null ? null : cause.getMessage();
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "writing '%s' failed: %s"
                        .formatted(target.path(), message == null ? thrown.what() : message),
                List.of("in: " + target.staging(), "nothing was written under the final name"),
                "check the space on its disk (df), the size a file may have (ulimit -f) and the"
                        + " permissions of its directory, then run it again",
                thrown);
    }

    private void write(Chunk chunk) {
        if (target.partitionBy().isEmpty()) {
            rows.append(chunk);
            return;
        }
        kept.add(chunk);
        if (kept.bytes() >= BYTES_WAITING_MAX) writeFolders();
    }

    /// A new name in the staging directory; unique, since two attempts of a task may write at once.
    private Path temporary() {
        try {
            Path staging = Path.of(target.staging());
            Files.createDirectories(staging);
            // Not createTempFile: what is published has the rights of any new file.
            String name = "part-%05d-%s%s".formatted(partition, UUID.randomUUID(), extension());
            Path file = staging.resolve(name);
            temporary = file;
            return file;
        } catch (IOException e) {
            throw WriteFailure.of("can't create a file in %s".formatted(target.staging()), e);
        }
    }

    private String extension() {
        return switch (target.format()) {
            case CSV -> ".csv" + Compression.written("CSV", target.codec()).suffix();
            case JSONL -> ".jsonl" + Compression.written("JSON", target.codec()).suffix();
            case ARROW -> ".arrow";
            case ARROW_STREAM -> ".arrows";
            case PARQUET -> ".parquet";
        };
    }

    private void writeFolders() {
        if (kept.isEmpty()) return;
        try (Chunk waiting = kept.take(schema);
                var folders = new PartitionFolders(waiting, target.partitionBy(), account)) {
            for (PartitionFolders.Folder folder : folders.folders()) {
                try (var files =
                        new RollingFile(
                                target.fileLimits(),
                                account,
                                () ->
                                        formats.create(
                                                temporary(), target, folders.fileSchema(), account),
                                written ->
                                        note(
                                                Stores.path(target.path())
                                                        .resolve(folder.name())
                                                        .resolve(folderFileName()),
                                                written))) {
                    for (Chunk chunk : folder.chunks()) files.append(chunk);
                    files.finish();
                }
            }
        }
        batchesWritten++;
    }

    private void note(Path path, FileWritten written) {
        Path made = Objects.requireNonNull(temporary);
        try {
            if (!target.isIntermediate()) WholeFile.force(made);
        } catch (IOException e) {
            throw WriteFailure.of("can't bring %s to the disk".formatted(made), e);
        }
        manifest.add(
                new FileNote(
                                path.toString(),
                                made.toString(),
                                written.rows(),
                                written.bytes(),
                                FileNote.ROWS,
                                0)
                        .values());
    }

    @Override
    public TaskOutput finish() {
        try {
            return finished();
        } catch (QuiverException e) {
            throw ofTarget(e);
        }
    }

    private TaskOutput finished() {
        if (!target.partitionBy().isEmpty()) {
            writeFolders();
        } else {
            // The first partition writes a file even of no rows, so that there is one.
            if (partition == 0 && manifest.isEmpty()) rows.begin();
            rows.finish();
        }
        for (FileNote kept : quarantined.get()) manifest.add(kept.values());
        return TaskOutput.ofChunks(
                manifest.isEmpty()
                        ? List.of()
                        : List.of(ColumnBuilder.chunk(FileNote.MANIFEST, account, manifest)));
    }

    @Override
    public void close() {
        kept.close();
        rows.close();
    }
}
