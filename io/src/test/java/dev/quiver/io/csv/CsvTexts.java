package dev.quiver.io.csv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.io.DictionarySet;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.FileRange;
import dev.quiver.operator.Source;
import dev.quiver.schema.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// CSV files of tests, read into rows of Java values; fails when a reader leaves memory behind.
final class CsvTexts {
    /// One for all: fresh memory costs more than the small files of tests.
    private static final MemoryPool POOL = new MemoryPool(1L << 30);

    private CsvTexts() {}

    static Path file(Path directory, String text) {
        return file(directory, "t.csv", text.getBytes(StandardCharsets.UTF_8));
    }

    static Path file(Path directory, String name, byte[] bytes) {
        try {
            return Files.write(directory.resolve(name), bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static byte[] gzip(byte[] bytes) {
        var to = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(to)) {
            zip.write(bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return to.toByteArray();
    }

    static CsvFormat nulls(String... tokens) {
        return new CsvFormat(',', '"', true, List.of(tokens), CsvFormat.LINE_BYTES_MAX);
    }

    static Schema infer(Path file, CsvFormat format) {
        return CsvInference.infer(List.of(file), format, Map.of()).schema();
    }

    /// All rows of a file with its inferred schema.
    static List<List<@Nullable Object>> read(Path file) {
        return read(file, CsvFormat.DEFAULT, infer(file, CsvFormat.DEFAULT));
    }

    static List<List<@Nullable Object>> read(Path file, CsvFormat format, Schema schema) {
        return read(format, schema, schema, CsvSplits.of(List.of(file)), Chunk.ROWS);
    }

    /// All rows of all ranges in order.
    static List<List<@Nullable Object>> read(
            CsvFormat format,
            Schema file,
            Schema schema,
            List<FileRange> ranges,
            int rowsPerChunk) {
        var scan = new Source.ScanCsv(format, file, schema, ranges);
        var rows = new ArrayList<List<@Nullable Object>>();
        try (MemoryAccount account = POOL.account(new Owner("test", "scan", 0));
                var dictionaries = new DictionarySet(account)) {
            for (int i = 0; i < ranges.size(); i++) {
                try (var reader = CsvReader.open(scan, i, account, dictionaries, rowsPerChunk)) {
                    while (true) {
                        Chunk chunk = reader.next();
                        if (chunk == null) break;
                        addRows(chunk, rows);
                        chunk.close();
                    }
                }
            }
        }
        assertThat(POOL.usedBytes()).as("bytes left behind").isZero();
        return rows;
    }

    static void addRows(Chunk chunk, List<List<@Nullable Object>> rows) {
        for (int row = 0; row < chunk.rows(); row++) {
            var values = new ArrayList<@Nullable Object>();
            for (int c = 0; c < chunk.schema().size(); c++)
                values.add(ColumnValues.get(chunk.column(c), row));
            rows.add(values);
        }
    }
}
