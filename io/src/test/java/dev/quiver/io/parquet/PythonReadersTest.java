package dev.quiver.io.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// pyarrow and Polars read our files and write them again, and we read what they wrote. The
/// interpreter is that of the environment variable QUIVER_PYTHON, else `python3`.
@Tag("python")
class PythonReadersTest {
    private static final int FRAMES = 6;

    private static final String SCRIPT =
            """
            import sys
            source, target, reader = sys.argv[1:]
            if reader == "pyarrow":
                import pyarrow.parquet as pq
                table = pq.read_table(source, page_checksum_verification=True)
                pq.write_table(table.replace_schema_metadata(None), target,
                               data_page_version="2.0", write_page_checksum=True)
            elif reader == "pyarrow-delta":
                import pyarrow.parquet as pq
                table = pq.read_table(source).replace_schema_metadata(None)
                pq.write_table(table, target, use_dictionary=False, compression="zstd",
                               column_encoding={c: e for c, e in (
                                   ("c3", "DELTA_BINARY_PACKED"), ("c4", "DELTA_BINARY_PACKED"),
                                   ("c9", "BYTE_STREAM_SPLIT"), ("c10", "BYTE_STREAM_SPLIT"),
                                   ("c21", "DELTA_BYTE_ARRAY"),
                                   ("c22", "DELTA_LENGTH_BYTE_ARRAY"))
                                   if c in table.column_names})
            else:
                import polars
                polars.read_parquet(source).write_parquet(target)
            """;

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"pyarrow", "pyarrow-delta", "polars"})
    void files_go_to_python_and_back(String reader) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("PythonReadersTest -Dseed=" + seed);
        var frames = new RandomFrames(seed);
        for (int i = 0; i < FRAMES; i++) {
            Path ours = directory.resolve("ours.parquet");
            Path theirs = directory.resolve("theirs.parquet");
            Schema schema = frames.schema(types());
            var columns = new ArrayList<List<@Nullable Object>>();
            for (var field : schema.fields())
                columns.add(frames.values(field.type(), i * i * 100, frames.shape()));
            write(ours, schema, columns, i);

            run(ours, theirs, reader);

            var rows = ParquetFrame.read(theirs).rows();
            assertThat(rows).hasSize(columns.getFirst().size());
            for (int c = 0; c < schema.size(); c++)
                for (int r = 0; r < rows.size(); r++)
                    assertThat(comparable(rows.get(r).get(c)))
                            .as("seed %d frame %d %s row %d", seed, i, schema.field(c), r)
                            .isEqualTo(comparable(columns.get(c).get(r)));
        }
    }

    /// Durations are whole numbers to others.
    private static List<DataType> types() {
        return RandomFrames.TYPES.stream()
                .map(type -> type instanceof DataType.Duration ? DataType.INT64 : type)
                .toList();
    }

    private static void write(
            Path file, Schema schema, List<List<@Nullable Object>> columns, int frame) {
        try (var pool = new MemoryPool(1 << 28);
                var account = pool.account(new Owner("test", "write", 0))) {
            String codec = List.of("snappy", "zstd", "none").get(frame % 3);
            RandomFrames.write(file, schema, columns, 1000, codec, true, account);
        }
    }

    private void run(Path source, Path target, String reader)
            throws IOException, InterruptedException {
        String python = Objects.requireNonNullElse(System.getenv("QUIVER_PYTHON"), "python3");
        Path log = directory.resolve("python.log");
        Process process =
                new ProcessBuilder(
                                python, "-c", SCRIPT, source.toString(), target.toString(), reader)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        assertThat(process.waitFor()).as(Files.readString(log)).isZero();
    }

    private static @Nullable Object comparable(@Nullable Object value) {
        return value instanceof BigDecimal decimal ? decimal.stripTrailingZeros() : value;
    }
}
