package dev.quiver.client;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// JSON files through a whole session.
class JsonFilesTest {
    @TempDir Path directory;

    private Path lines(int rows) throws Exception {
        String text =
                IntStream.range(0, rows)
                        .mapToObj(i ->
                                "{\"id\":%d,\"kind\":\"k%d\",\"p\":{\"x\":%d}}"
                                        .formatted(i, i % 7, i * 2))
                        .collect(Collectors.joining("\n"));
        return Files.writeString(directory.resolve("rows.jsonl"), text);
    }

    @Test
    void lines_are_read_in_parts_and_asked_as_any_frame() throws Exception {
        Path file = lines(5_000);
        try (Session session = Quiver.local()) {
            DataFrame rows = session.read().chunkBytes("10KB").json(file);

            assertThat(rows.explain()).contains("Scan[rows.jsonl] 3 of 3 columns");
            try (Table kinds =
                    rows.groupBy("kind")
                            .agg(count().as("n"), sum("id").as("ids"))
                            .sort("kind")
                            .collect()) {
                assertThat(kinds.row(0).getLong("n")).isEqualTo(715);
                assertThat(kinds.rowCount()).isEqualTo(7);
            }
            assertThat(rows.filter(col("id").lt(10)).count()).isEqualTo(10);
            try (Table first = rows.head(2)) {
                Row row = first.row(1);
                assertThat(row.find("p", Object.class)).hasToString("Optional[[2]]");
            }
        }
    }

    @Test
    void what_is_written_as_lines_reads_back_and_writes_the_same_again() throws Exception {
        Path file = lines(300);
        try (Session session = Quiver.local()) {
            Path once = directory.resolve("once.jsonl");
            Path twice = directory.resolve("twice.jsonl");
            session.read().json(file).write().jsonl(once.toString());
            session.read().json(once).write().jsonl(twice.toString());

            assertThat(Files.readAllLines(once).get(299))
                    .isEqualTo("{\"id\":299,\"kind\":\"k5\",\"p\":{\"x\":598}}");
            assertThat(twice).hasSameBinaryContentAs(once);

            session.read()
                    .json(once)
                    .write()
                    .partitionBy("kind")
                    .compression("gzip")
                    .jsonl(directory.resolve("parts").toString());
            assertThat(directory.resolve("parts/kind=k0/part-00000.jsonl.gz")).exists();
            assertThat(session.read().json(directory + "/parts/kind=k0/*").count()).isEqualTo(43);
        }
    }
}
