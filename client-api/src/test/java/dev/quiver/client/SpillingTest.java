package dev.quiver.client;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.Table;
import dev.quiver.error.MemoryRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Queries over more rows than there is memory for. What they answer is what a session answers that
/// has enough.
class SpillingTest {
    private static final int ROWS = 2_000_000;
    private static final String MEMORY = "128MB";

    @TempDir static Path temporary;
    private static Path file;

    @BeforeAll
    static void write() throws IOException {
        file = temporary.resolve("rows.csv");
        var random = new SplittableRandom(1);
        try (var out = Files.newBufferedWriter(file)) {
            out.write("id,k,v,t\n");
            for (int i = 0; i < ROWS; i++) {
                int key = random.nextInt(ROWS);
                out.write(
                        "%d,%d,%s,a text that is somewhat longer %d\n"
                                .formatted(i, key, key % 1000 / 8.0, key ^ 12345));
            }
        }
    }

    private Session small() {
        return Quiver.local(
                Options.defaults()
                        .slots(2)
                        .memory(MEMORY)
                        .spill(temporary.resolve("spill"))
                        .quiet());
    }

    private String answer(Session session, Function<DataFrame, DataFrame> query) {
        try (Table table = query.apply(session.read().csv(file.toString())).collect()) {
            return table.toString();
        }
    }

    private void requireSame(Function<DataFrame, DataFrame> query) {
        try (Session small = small();
                Session large = Quiver.local(Options.defaults().slots(2).quiet())) {
            String expected = answer(large, query);

            String actual = answer(small, query);

            assertThat(actual).isEqualTo(expected);
        }
        assertThat(temporary.resolve("spill"))
                .satisfiesAnyOf(
                        path -> assertThat(path).doesNotExist(),
                        path -> assertThat(path).isEmptyDirectory());
    }

    @Test
    void a_join_of_more_than_the_memory_answers_as_with_enough() {
        requireSame(df ->
                df.join(
                                df.select("k", "v", "t")
                                        .rename("k", "id")
                                        .rename("v", "w")
                                        .rename("t", "u"),
                                How.INNER,
                                "id")
                        .agg(
                                count().as("n"),
                                col("v").sum().as("v"),
                                col("w").sum().as("w"),
                                col("u").max().as("u")));
    }

    @Test
    void groups_of_more_than_the_memory_are_as_with_enough() {
        requireSame(df ->
                df.groupBy("k")
                        .agg(col("v").sum().as("s"), count().as("n"))
                        .agg(col("s").sum().as("s"), col("n").max().as("n"), count().as("groups")));
    }

    @Test
    void a_frame_that_is_larger_than_the_memory_persists() {
        try (Session small = small()) {
            DataFrame rows = small.read().csv(file.toString()).persist();

            long spilled = small.usage().spilledBytes();
            long count = rows.filter(col("k").ge(0)).count();
            rows.release();

            assertThat(count).isEqualTo(ROWS);
            assertThat(spilled).isGreaterThan(30 << 20);
            assertThat(small.usage().spilledBytes()).isZero();
        }
    }

    @Test
    void a_table_that_is_larger_than_the_memory_can_be_collected() {
        try (Session small = small();
                Table rows = small.read().csv(file.toString()).collect()) {
            assertThat(rows.rowCount()).isEqualTo(ROWS);
            assertThat(rows.row(ROWS - 1).getLong("id")).isEqualTo(ROWS - 1);
        }
    }

    @Test
    void a_directory_that_cannot_be_written_is_named_where_memory_is_refused() throws IOException {
        Path notADirectory = Files.writeString(temporary.resolve("occupied"), "");
        var options = Options.defaults().slots(2).memory(MEMORY).spill(notADirectory).quiet();
        try (Session small = Quiver.local(options)) {
            DataFrame rows = small.read().csv(file.toString());

            assertThatThrownBy(rows::persist)
                    .isInstanceOf(MemoryRefused.class)
                    .hasMessageContaining("spilling:")
                    .hasMessageContaining("occupied");
        }
    }
}
