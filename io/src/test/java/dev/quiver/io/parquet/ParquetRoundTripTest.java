package dev.quiver.io.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.io.FileWritten;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the writer writes, our reader and DuckDB read; what DuckDB writes, our reader reads.
class ParquetRoundTripTest {
    private static final int FRAMES = 40;
    private static final List<String> CODECS = List.of("snappy", "zstd", "none");

    @TempDir Path directory;

    @Test
    void random_frames_come_back_from_our_reader_and_from_duckdb() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ParquetRoundTripTest -Dseed=" + seed);
        var random = new Random(seed);
        var frames = new RandomFrames(seed);
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
            for (int i = 0; i < FRAMES; i++) {
                Path file = directory.resolve("frame" + i + ".parquet");
                int rows = rows(i, random);
                Schema schema = frames.schema(RandomFrames.TYPES);
                var columns = new ArrayList<List<@Nullable Object>>();
                for (var field : schema.fields())
                    columns.add(frames.values(field.type(), rows, frames.shape()));
                FileWritten written = write(file, schema, columns, random, i);

                ParquetFrame ours = ParquetFrame.read(file);

                assertThat(written.rows()).isEqualTo(rows);
                assertThat(written.bytes()).isEqualTo(Files.size(file));
                assertThat(ours.schema()).isEqualTo(schema);
                assertThat(ours.rows()).hasSize(rows);
                for (int c = 0; c < schema.size(); c++)
                    for (int r = 0; r < rows; r++) {
                        // Building the description of each value would take most of the time.
                        if (Objects.deepEquals(ours.rows().get(r).get(c), columns.get(c).get(r)))
                            continue;
                        assertThat(ours.rows().get(r).get(c))
                                .as("seed %d frame %d %s row %d", seed, i, schema.field(c), r)
                                .isEqualTo(columns.get(c).get(r));
                    }
                compareWithDuckdb(duckdb, file, schema, columns);
                Files.delete(file);
            }
        }
    }

    @Test
    void lists_and_structs_come_back_from_our_reader_and_from_duckdb() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ParquetRoundTripTest -Dseed=" + seed);
        var random = new Random(seed);
        var frames = new RandomFrames(seed);
        List<DataType> leaves =
                List.of(
                        DataType.BOOL,
                        DataType.INT32,
                        DataType.INT64,
                        DataType.FLOAT64,
                        DataType.DATE,
                        DataType.UTF8);
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
            for (int i = 0; i < FRAMES; i++) {
                Path file = directory.resolve("nested" + i + ".parquet");
                int rows = rows(i, random) / 2;
                Schema schema =
                        frames.schema(
                                List.of(
                                        frames.nested(leaves, 1),
                                        DataType.INT64,
                                        frames.nested(leaves, 2),
                                        frames.nested(leaves, 3)));
                var columns = new ArrayList<List<@Nullable Object>>();
                for (var field : schema.fields())
                    columns.add(frames.values(field.type(), rows, frames.shape()));

                FileWritten written = write(file, schema, columns, random, i);

                ParquetFrame ours = ParquetFrame.read(file);
                assertThat(written.rows()).isEqualTo(rows);
                assertThat(ours.schema()).as("seed %d frame %d", seed, i).isEqualTo(schema);
                for (int c = 0; c < schema.size(); c++)
                    for (int r = 0; r < rows; r++)
                        assertThat(ours.rows().get(r).get(c))
                                .as("seed %d frame %d %s row %d", seed, i, schema.field(c), r)
                                .isEqualTo(columns.get(c).get(r));
                compareWithDuckdb(duckdb, file, schema, columns);
                Files.delete(file);
            }
        }
    }

    private static int rows(int frame, Random random) {
        return switch (frame) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> 20_000;
            default -> random.nextInt(1000);
        };
    }

    private static FileWritten write(
            Path file,
            Schema schema,
            List<List<@Nullable Object>> columns,
            Random random,
            int frame) {
        try (var pool = new MemoryPool(1 << 30);
                var account = pool.account(new Owner("test", "write", 0))) {
            return RandomFrames.write(
                    file,
                    schema,
                    columns,
                    1 + random.nextInt(16_384),
                    CODECS.get(frame % 3),
                    random.nextBoolean(),
                    account);
        }
    }

    private static void compareWithDuckdb(
            Connection duckdb, Path file, Schema schema, List<List<@Nullable Object>> columns)
            throws Exception {
        try (Statement statement = duckdb.createStatement();
                ResultSet result =
                        statement.executeQuery("select * from read_parquet('" + file + "')")) {
            int row = 0;
            while (result.next()) {
                for (int c = 0; c < schema.size(); c++) {
                    DataType type = schema.field(c).type();
                    Object theirs = DuckdbValues.get(result, c + 1, type);
                    if (Objects.deepEquals(theirs, columns.get(c).get(row))) continue;
                    assertThat(theirs)
                            .as("DuckDB, %s row %d", schema.field(c), row)
                            .isEqualTo(columns.get(c).get(row));
                }
                row++;
            }
            assertThat(row).isEqualTo(columns.getFirst().size());
        }
    }

    @Test
    void what_duckdb_writes_reads_as_duckdb_reads_it() throws Exception {
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute(
                    "create table t as select i::integer i, (i * 7919 % 1000003)::bigint b,"
                            + " case when i % 7 = 0 then null else 'text ' || (i % 100) end t,"
                            + " 'unique ' || (i * 31) u, i % 3 = 0 f,"
                            + " case when i % 11 > 3 then i / 3.0 end::double d, (i % 50)::float g,"
                            + " date '2000-01-01' + (i % 5000)::integer e,"
                            + " timestamp '2020-02-29 01:02:03.000004' + to_seconds(i) s,"
                            + " (i % 1000 / 8.0)::decimal(12, 3) n, (i % 200)::utinyint h,"
                            + " (i::hugeint * 1000000007)::decimal(38, 4) w,"
                            + " encode('b' || i % 17) y, (i % 24 || ':30:15')::time z"
                            + " from range(70000) r(i)");
            for (String options :
                    List.of(
                            "codec snappy",
                            "codec zstd, row_group_size 20000",
                            "codec gzip",
                            "codec lz4_raw",
                            "codec uncompressed, parquet_version v2",
                            "codec snappy, parquet_version v2, row_group_size 30000")) {
                Path file = directory.resolve("duckdb.parquet");
                statement.execute("copy t to '" + file + "' (format parquet, " + options + ")");

                ParquetFrame ours = ParquetFrame.read(file);

                compareWithDuckdb(duckdb, file, ours.schema(), transposed(ours));
            }
        }
    }

    private static List<List<@Nullable Object>> transposed(ParquetFrame frame) {
        var columns = new ArrayList<List<@Nullable Object>>();
        for (int c = 0; c < frame.schema().size(); c++) {
            var values = new ArrayList<@Nullable Object>();
            for (var row : frame.rows()) values.add(row.get(c));
            columns.add(values);
        }
        return columns;
    }
}
