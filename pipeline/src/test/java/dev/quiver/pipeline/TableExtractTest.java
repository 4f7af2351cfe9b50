package dev.quiver.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pipelines out of tables, and a server that is killed under one.
final class TableExtractTest {
    private static final String IDS = "SELECT count(*) || ' ' || count(DISTINCT id) FROM loaded";

    private static Session q;

    @TempDir private Path directory;

    @BeforeAll
    static void open() {
        q = Quiver.local(Options.defaults().slots(2).quiet());
    }

    @AfterAll
    static void close() {
        q.close();
    }

    private static List<String> ask(String url, String sql) throws SQLException {
        return TestPostgres.ask(url, sql);
    }

    private String duckdb(int rows) throws SQLException {
        String url = "jdbc:duckdb:" + directory.resolve("travel.duckdb");
        ask(
                url,
                "CREATE TABLE trips AS SELECT range AS id, 'x' AS name FROM range(%d)"
                        .formatted(rows));
        return url;
    }

    private Pipeline trips(String url, Load load) {
        return Pipeline.named("trips")
                .ledger(directory.resolve("ledger").toString())
                .parameter("table", "trips")
                .extract(read -> read.jdbc(url).partitionBy("id", 8).table("${table}"))
                .load(load)
                .retry(2, Duration.ofMillis(1));
    }

    /// Once, when so many units were noted.
    private static Surroundings troubled(int units, TroubledDisk.Trouble trouble) {
        var done = new AtomicBoolean();
        var noted = new int[1];
        return Victim.with(
                new TroubledDisk((step, what) -> {
                    if (what.startsWith("write ") && what.endsWith("ledger.log")) noted[0]++;
                    if (noted[0] > units && done.compareAndSet(false, true))
                        trouble.before(step, what);
                }));
    }

    @Test
    void a_server_killed_in_a_load_and_started_again_has_each_row_once() throws Exception {
        try (var postgres = new TestPostgres(directory.resolve("data"))) {
            String url = postgres.url();
            ask(
                    url,
                    "CREATE TABLE trips AS SELECT i::bigint AS id, 'x' AS name FROM"
                            + " generate_series(1, 20000) i");
            Pipeline pipeline = trips(url, Load.table(url, "loaded"));
            Surroundings killed =
                    troubled(
                            4,
                            (_, _) -> {
                                try {
                                    postgres.kill();
                                } catch (InterruptedException e) {
                                    throw new IOException(e);
                                }
                            });

            assertThatThrownBy(() -> pipeline.in(killed).run(q))
                    .isInstanceOfSatisfying(
                            QuiverException.class,
                            e ->
                                    assertThat(e.code())
                                            .as(e.getMessage())
                                            .isEqualTo(ErrorCode.UNAVAILABLE));
            postgres.restart();
            PipelineRun rest = pipeline.run(q);

            assertThat(rest.resumedUnits()).isBetween(1, 7);
            assertThat(ask(url, IDS)).containsExactly("20000 20000");
            assertThat(
                            ask(
                                    url,
                                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                                            + " ORDER BY 1"))
                    .containsExactly("loaded", "trips");
        }
    }

    @Test
    void a_run_that_goes_on_cuts_a_table_as_it_began_whatever_was_added() throws Exception {
        String url = duckdb(8_000);
        Path out = directory.resolve("out");
        Pipeline pipeline = trips(url, Load.csv(out.toString()));
        Surroundings stopped =
                troubled(
                        3,
                        (_, _) -> {
                            throw new IOException("stopped");
                        });

        assertThatThrownBy(() -> pipeline.retry(1, Duration.ofMillis(1)).in(stopped).run(q))
                .hasMessageContaining("stopped");
        ask(url, "INSERT INTO trips SELECT range, 'y' FROM range(100000, 100500)");
        PipelineRun rest = pipeline.run(q);

        assertThat(rest.units()).isEqualTo(8);
        assertThat(rest.resumedUnits()).isPositive();
        assertThat(q.read().csv(out + "/").select("id").distinct().count())
                .isEqualTo(rest.rowsLoaded())
                .isEqualTo(8_500);
    }

    @Test
    void a_database_that_lost_what_it_committed_is_told() throws Exception {
        String url = duckdb(8_000);
        Pipeline pipeline = trips(url, Load.table(url, "loaded")).retry(1, Duration.ofMillis(1));
        Surroundings stopped =
                troubled(
                        3,
                        (_, _) -> {
                            throw new IOException("stopped");
                        });
        assertThatThrownBy(() -> pipeline.in(stopped).run(q)).hasMessageContaining("stopped");
        String units = "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE '%_units'";
        ask(url, "DELETE FROM " + ask(url, units).getFirst());

        assertThatThrownBy(() -> pipeline.run(q))
                .hasMessageContaining("8000 rows for loaded were committed, and the database has")
                .hasMessageContaining("giveUp()");
    }

    @Test
    void rows_above_the_mark_are_loaded_and_upserted_run_by_run() throws Exception {
        String url = duckdb(1_000);
        Pipeline pipeline = trips(url, Load.table(url, "loaded").upsert("id")).highWaterMark("id");

        assertThat(pipeline.run(q).rowsLoaded()).isEqualTo(1_000);
        assertThat(pipeline.run(q).rowsLoaded()).isZero();
        ask(url, "INSERT INTO trips SELECT range, 'y' FROM range(1000, 1300)");
        assertThat(pipeline.run(q).rowsLoaded()).isEqualTo(300);

        assertThat(ask(url, IDS)).containsExactly("1300 1300");
        assertThat(ask(url, "SELECT table_name FROM duckdb_tables() ORDER BY 1"))
                .containsExactly("loaded", "trips");
        assertThatThrownBy(() ->
                        trips(url, Load.csv(directory.resolve("out").toString()))
                                .ledger(directory.resolve("other").toString())
                                .onlyNew()
                                .run(q))
                .hasMessageContaining("reads no files, and onlyNew() leaves out files");
    }

    @Test
    void two_loads_into_one_table_are_refused_before_anything_is_loaded() throws Exception {
        String url = duckdb(10);
        Pipeline pipeline =
                trips(url, Load.table(url, "loaded")).load(Load.table(url, "loaded").append());

        assertThatThrownBy(() -> pipeline.run(q)).hasMessageContaining("two loads into 'loaded of");
        assertThat(Files.exists(directory.resolve("ledger").resolve("loaded"))).isFalse();
        assertThat(ask(url, "SELECT table_name FROM duckdb_tables()")).containsExactly("trips");
    }
}
