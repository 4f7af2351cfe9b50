package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.ChunkWriter;
import dev.quiver.io.FileWritten;
import dev.quiver.io.WholeFile;
import dev.quiver.io.WriteFailure;
import dev.quiver.io.store.Stores;
import dev.quiver.operator.GateLimits;
import dev.quiver.operator.Quarantine;
import dev.quiver.operator.WriteTarget;
import dev.quiver.worker.store.FileNote;
import dev.quiver.worker.store.TurnedAway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One partition's part of a quarantine, written under a temporary name as rows come. Only the
/// first partition has a part without rows.
final class QuarantineFile implements AutoCloseable {
    private final Quarantine quarantine;
    private final int partition;
    private final Formats formats;
    private final MemoryAccount account;
    private final TurnedAway.Counting turnedAway = new TurnedAway.Counting();
    private @Nullable ChunkWriter writer;
    private @Nullable Path temporary;
    private long rows;

    QuarantineFile(Quarantine quarantine, int partition, Formats formats, MemoryAccount account) {
        this.quarantine = quarantine;
        this.partition = partition;
        this.formats = formats;
        this.account = account;
    }

    /// Writes bad rows, as rows of [Quarantine#SCHEMA].
    ///
    /// @param checked how many rows the gate has seen
    void add(List<List<@Nullable Object>> bad, long checked) {
        if (bad.isEmpty()) return;
        rows += bad.size();
        for (List<@Nullable Object> row : bad) turnedAway.add(row(row));
        new GateLimits(quarantine.rowsMax(), 1).check(rows, checked);
        try (Chunk chunk = ColumnBuilder.chunk(Quarantine.SCHEMA, account, bad)) {
            writer().append(chunk);
        }
    }

    private static TurnedAway.BadRow row(List<@Nullable Object> row) {
        return new TurnedAway.BadRow(
                Objects.toString(row.get(0), ""),
                row.get(1) instanceof Long number ? number : 0,
                Objects.toString(row.get(2), ""),
                Objects.toString(row.get(3), ""),
                Objects.toString(row.get(4), ""));
    }

    private ChunkWriter writer() {
        ChunkWriter open = writer;
        if (open != null) return open;
        WriteTarget target = quarantine.target();
        try {
            Path staging = Path.of(target.staging());
            Files.createDirectories(staging);
            Path file = staging.resolve("bad-%05d-%s".formatted(partition, UUID.randomUUID()));
            temporary = file;
            open = formats.create(file, target, Quarantine.SCHEMA, account);
        } catch (IOException e) {
            throw WriteFailure.of("can't create a file in %s".formatted(target.staging()), e);
        }
        writer = open;
        return open;
    }

    /// Completes the file, which stays until somebody publishes it, and tells which rows it has.
    List<FileNote> finish(long checked) {
        WriteTarget target = quarantine.target();
        String number = quarantine.number() == 0 ? "" : "-" + quarantine.number();
        String extension = target.format() == WriteTarget.Format.CSV ? ".csv" : ".parquet";
        String name = "part-%05d%s%s".formatted(partition, number, extension);
        Path path = Stores.path(target.path()).resolve(name);
        if (rows == 0 && partition > 0)
            return List.of(new FileNote(path.toString(), "", 0, 0, FileNote.QUARANTINE, checked));
        FileWritten written = writer().finish();
        Path made = Optional.ofNullable(temporary).orElseThrow();
        try {
            WholeFile.force(made);
        } catch (IOException e) {
            throw WriteFailure.of("can't bring %s to the disk".formatted(made), e);
        }
        temporary = null;
        var kept =
                new FileNote(
                        path.toString(),
                        made.toString(),
                        written.rows(),
                        written.bytes(),
                        FileNote.QUARANTINE,
                        checked);
        if (rows == 0) return List.of(kept);
        String which = path + "." + FileNote.TURNED_AWAY;
        String told = turnedAway.told().text();
        return List.of(kept, new FileNote(which, told, rows, 0, FileNote.TURNED_AWAY, checked));
    }

    @Override
    public void close() {
        if (writer != null) writer.close();
        writer = null;
        try {
            if (temporary != null) Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        temporary = null;
    }
}
