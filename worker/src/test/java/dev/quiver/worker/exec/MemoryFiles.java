package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.ChunkReader;
import dev.quiver.io.ChunkWriter;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.FileWritten;
import dev.quiver.operator.Source;
import dev.quiver.operator.WriteTarget;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A format whose files are lists of rows; every reader gives `scanned`.
final class MemoryFiles implements Formats {
    final Map<String, List<List<@Nullable Object>>> files = new LinkedHashMap<>();
    final List<Chunk> scanned = new ArrayList<>();

    /// After how many rows a writer fails; never when negative.
    int rowsUntilFailure = -1;

    @Override
    public ChunkReader open(
            Source.ScanCsv scan, int partition, MemoryAccount account, DictionarySet dictionaries) {
        scanned.forEach(Chunk::retain);
        return new ChunkListReader(scanned);
    }

    @Override
    public ChunkReader open(
            Source.ScanFiles scan,
            int partition,
            MemoryAccount account,
            DictionarySet dictionaries) {
        scanned.forEach(Chunk::retain);
        return new ChunkListReader(scanned);
    }

    @Override
    public ChunkReader open(
            Source.ScanParquet scan,
            int partition,
            MemoryAccount account,
            DictionarySet dictionaries) {
        scanned.forEach(Chunk::retain);
        return new ChunkListReader(scanned);
    }

    @Override
    public ChunkWriter create(Path file, WriteTarget target, Schema schema, MemoryAccount account) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        return new ChunkWriter() {
            @Override
            public void append(Chunk chunk) {
                for (int i = 0; i < chunk.rows(); i++) {
                    if (rowsUntilFailure-- == 0) throw new IllegalStateException("disk full");
                    List<@Nullable Object> row = new ArrayList<>();
                    for (String name : schema.names())
                        row.add(ColumnValues.get(chunk.column(name), i));
                    rows.add(row);
                }
            }

            @Override
            public FileWritten finish() {
                files.put(file.toString(), rows);
                try {
                    // What is published is brought to the disk, so there must be a file.
                    Files.createFile(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return new FileWritten(rows.size(), rows.size() * 10L);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public long join(
            List<Path> parts,
            Path into,
            WriteTarget target,
            Schema schema,
            MemoryAccount account,
            Checkpoint checkpoint) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (Path part : parts) rows.addAll(files.getOrDefault(part.toString(), List.of()));
        files.put(into.toString(), rows);
        return rows.size() * 10L;
    }
}
