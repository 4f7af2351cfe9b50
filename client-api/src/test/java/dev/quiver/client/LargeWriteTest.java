package dev.quiver.client;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Table;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Files larger than the session's memory, written as one.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargeWriteTest {
    private static final int ROWS = 3_200_000;

    private final Session q = Quiver.local(Options.defaults().slots(2).memory("80MB").quiet());

    private Path dir = Path.of("");
    private Path source = Path.of("");

    @BeforeAll
    void makeSource(@TempDir Path shared) throws IOException {
        dir = shared;
        source = dir.resolve("source.csv");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(source), 1 << 20)) {
            out.write("id,name,price\n".getBytes(StandardCharsets.US_ASCII));
            var line = new StringBuilder();
            for (int i = 0; i < ROWS; i++) {
                line.setLength(0);
                line.append(i).append(",name-").append(i % 1000).append(',').append(i / 4.0);
                out.write(line.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    @AfterAll
    void close() {
        q.close();
    }

    private DataFrame rows() {
        return q.read().csv(source.toString());
    }

    private void assertAllThere(DataFrame written) {
        try (Table all =
                written.agg(count().as("n"), sum("id").as("ids"), sum("price").as("p")).collect()) {
            assertThat(all.row(0).getLong("n")).isEqualTo(ROWS);
            assertThat(all.row(0).getLong("ids")).isEqualTo((long) ROWS * (ROWS - 1) / 2);
            assertThat(all.row(0).getDouble("p")).isEqualTo((ROWS - 1.0) * ROWS / 8);
        }
    }

    private void assertNothingElse() throws IOException {
        try (Stream<Path> there = Files.list(dir)) {
            assertThat(there.map(p -> p.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("."));
        }
    }

    @Test
    void a_csv_file_has_the_rows_in_order_and_one_header() throws IOException {
        Path file = dir.resolve("out.csv");

        var written = rows().write().csv(file.toString());

        assertThat(written.rows()).isEqualTo(ROWS);
        assertThat(written.files()).isEqualTo(List.of(file));
        assertThat(written.bytes()).isEqualTo(Files.size(file));
        assertThat(Files.mismatch(source, file)).isEqualTo(-1);
        assertNothingElse();
    }

    @Test
    void a_gzip_file_of_many_members_reads_the_same() {
        Path file = dir.resolve("few.csv.gz");

        rows().filter(col("id").mod(50).eq(0)).write().compression("gzip").csv(file.toString());

        assertThat(q.read().csv(file.toString()).count()).isEqualTo(ROWS / 50);
        assertThat(q.read().csv(file.toString()).head(2).row(1).getLong("id")).isEqualTo(50);
    }

    @Test
    void a_parquet_file_has_the_row_groups_of_all_parts() throws IOException {
        Path file = dir.resolve("out.parquet");

        var written = rows().write().parquet(file.toString());

        assertThat(written.rows()).isEqualTo(ROWS);
        assertAllThere(q.read().parquet(file.toString()));
        try (Table some =
                q.read().parquet(file.toString()).filter(col("id").eq(3_000_000)).collect()) {
            assertThat(some.rowCount()).isEqualTo(1);
            assertThat(some.row(0).getString("name")).isEqualTo("name-0");
        }
        assertNothingElse();
    }

    @Test
    void a_union_streams_into_one_file() {
        Path file = dir.resolve("union.csv");

        var written = rows().union(rows()).write().csv(file.toString());

        assertThat(written.rows()).isEqualTo(2L * ROWS);
        assertThat(q.read().csv(file.toString()).filter(col("id").eq(7)).count()).isEqualTo(2);
        assertThat(q.read().csv(file.toString()).head(1).row(0).getLong("id")).isZero();
    }
}
