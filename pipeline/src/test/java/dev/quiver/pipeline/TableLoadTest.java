package dev.quiver.pipeline;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.Gate;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.GateFailed;
import dev.quiver.error.QuiverException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pipelines into tables: each row once, whatever is killed.
final class TableLoadTest {
    private static final int ROWS = 4_000;
    private static final long SIGKILL = 128 + 9;

    @TempDir private static Path data;
    private static EmbeddedPostgres postgres;
    private static Session q;
    private static Path csv;

    @TempDir private Path directory;

    @BeforeAll
    static void open() throws Exception {
        csv = FlightFiles.first(data, ROWS);
        postgres = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
        q = Quiver.local(Options.defaults().slots(2).quiet());
    }

    @AfterAll
    static void close() throws Exception {
        q.close();
        postgres.close();
    }

    private static String database(String name) throws SQLException {
        ask(postgres.getJdbcUrl("postgres", "postgres"), "CREATE DATABASE " + name);
        return postgres.getJdbcUrl("postgres", name);
    }

    private static List<String> ask(String url, String sql) throws SQLException {
        return TestPostgres.ask(url, sql);
    }

    private static String digest(String url) throws SQLException {
        return ask(
                        url,
                        "SELECT count(*) || ' ' || md5(string_agg(t::text, ';' ORDER BY t::text))"
                                + " FROM flights t")
                .getFirst();
    }

    private static List<String> tables(String url) throws SQLException {
        return ask(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");
    }

    @Test
    void kills_before_and_after_a_commit_leave_each_row_once() throws Exception {
        String clean = database("clean");
        var disk = new TroubledDisk((_, _) -> {});
        Path out = directory.resolve("clean");
        PipelineRun run = TableVictim.pipeline(csv, out, clean).in(Victim.with(disk)).run(q);
        String whole = digest(clean);
        assertThat(run.units()).isGreaterThan(2);
        assertThat(run.rowsLoaded() + run.quarantined()).isEqualTo(ROWS);
        assertThat(whole).startsWith(run.rowsLoaded() + " ");

        long steps = disk.steps();
        long first = Long.getLong("seed", new Random().nextInt(1_000_000));
        var random = new Random(first);
        // In the middle, while the last units are noted, and while it is published.
        List<Long> kills = List.of(1 + random.nextLong(steps), steps * 2 / 3, steps - 4);
        for (long kill : kills) {
            String url = database("kill" + kills.indexOf(kill));
            Path place = directory.resolve("kill" + kill);
            Process victim = TableVictim.start(csv, place, url, kill);
            int status = victim.waitFor();
            String log = Files.readString(place.resolveSibling(place.getFileName() + ".log"));
            assertThat((long) status)
                    .as("seed %d, step %d: %s", first, kill, log)
                    .isIn(0L, SIGKILL);
            if (status != 0) TableVictim.pipeline(csv, place, url).run(q);

            assertThat(digest(url))
                    .as("seed %d, step %d of %d", first, kill, steps)
                    .isEqualTo(whole);
            assertThat(tables(url)).containsExactly("flights");
        }
    }

    @Test
    void a_second_run_adds_replaces_or_is_refused() throws Exception {
        String url = database("modes");
        Pipeline into =
                Pipeline.named("modes")
                        .ledger(directory.resolve("ledger").toString())
                        .extract(read -> read.nulls("NA").csv(csv.toString()));

        into.load(Load.table(url, "flights")).run(q);
        assertThatThrownBy(() -> into.load(Load.table(url, "flights")).run(q))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGET_EXISTS));
        into.load(Load.table(url, "flights").append()).run(q);
        assertThat(ask(url, "SELECT count(*) FROM flights")).containsExactly("" + 2 * ROWS);
        PipelineRun last =
                into.load(Load.table(url, "flights").overwrite())
                        .report("rows", loaded -> loaded.agg(count()))
                        .run(q);

        assertThat(ask(url, "SELECT count(*) FROM flights")).containsExactly("" + ROWS);
        assertThat(last.reports()).hasSize(1);
        assertThat(tables(url)).containsExactly("flights");
    }

    @Test
    void a_gate_that_stops_the_run_leaves_the_table_as_it_was() throws Exception {
        String url = "jdbc:duckdb:" + directory.resolve("flights.duckdb");
        Pipeline pipeline =
                Pipeline.named("gated")
                        .ledger(directory.resolve("ledger").toString())
                        .extract(read -> read.nulls("NA").chunkBytes("150KB").csv(csv.toString()));
        pipeline.transform(df -> df.filter(col("day").eq(1)).select("day", "flight"))
                .load(Load.table(url, "flights"))
                .run(q);
        List<String> before = ask(url, "SELECT count(*) FROM flights");

        assertThatThrownBy(() ->
                        pipeline.gate(Gate.rules().notNull("arr_delay"))
                                .transform(df -> df.select("day", "flight"))
                                .load(Load.table(url, "flights").append())
                                .run(q))
                .isInstanceOf(GateFailed.class);

        assertThat(ask(url, "SELECT count(*) FROM flights")).isEqualTo(before);
        assertThat(ask(url, "SELECT table_name FROM duckdb_tables()")).containsExactly("flights");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .contains("flights.duckdb", "ledger");
        }
    }
}
