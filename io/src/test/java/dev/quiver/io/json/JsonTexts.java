package dev.quiver.io.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.operator.FileFormat;
import dev.quiver.operator.FileRange;
import dev.quiver.operator.Source;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON files of tests, read into rows of Java values; fails when a reader leaves memory behind.
final class JsonTexts {
    static final MemoryPool POOL = new MemoryPool(1L << 30);

    private JsonTexts() {}

    static Path file(Path directory, String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static FileFormat.Json format(Path file) {
        boolean lines = JsonParsing.hasLines(file, FileFormat.TEXT_BYTES_MAX);
        return new FileFormat.Json(lines, false, FileFormat.TEXT_BYTES_MAX);
    }

    static Schema infer(Path... files) {
        return JsonInference.infer(List.of(files), format(files[0]), Map.of()).schema();
    }

    static List<List<@Nullable Object>> read(Path file) {
        Schema schema = infer(file);
        return read(file, schema, schema);
    }

    static List<List<@Nullable Object>> read(Path file, Schema all, Schema wanted) {
        return read(format(file), all, wanted, List.of(ByteSource.whole(file)));
    }

    static List<List<@Nullable Object>> read(
            FileFormat.Json format, Schema all, Schema wanted, List<FileRange> ranges) {
        var scan = new Source.ScanFiles(format, all, wanted, ranges);
        var rows = new ArrayList<List<@Nullable Object>>();
        try (MemoryAccount account = POOL.account(new Owner("test", "scan", 0));
                var dictionaries = new DictionarySet(account)) {
            for (int i = 0; i < ranges.size(); i++) {
                try (var reader = JsonReader.open(scan, format, i, account, dictionaries)) {
                    for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next())
                        take(chunk, rows);
                }
            }
        }
        assertThat(POOL.usedBytes()).as("bytes left behind").isZero();
        return rows;
    }

    private static void take(Chunk chunk, List<List<@Nullable Object>> rows) {
        try (chunk) {
            for (int row = 0; row < chunk.rows(); row++) {
                var values = new ArrayList<@Nullable Object>();
                for (var column : chunk.columns()) values.add(ColumnValues.get(column, row));
                rows.add(values);
            }
        }
    }

    /// The ranges of a file cut at some places.
    static List<FileRange> cut(Path file, long... places) {
        FileRange whole = ByteSource.whole(file);
        var ranges = new ArrayList<FileRange>();
        long from = 0;
        for (long place : places) {
            ranges.add(range(whole, from, place));
            from = place;
        }
        ranges.add(range(whole, from, whole.size()));
        return ranges;
    }

    private static FileRange range(FileRange whole, long from, long to) {
        return new FileRange(whole.path(), from, to, whole.size(), whole.modifiedNanos());
    }
}
