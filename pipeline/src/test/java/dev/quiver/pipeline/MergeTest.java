package dev.quiver.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.Gate;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows that are merged into a directory by their keys.
final class MergeTest {
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

    private Path out() {
        return directory.resolve("out");
    }

    private void deliver(String... rows) throws IOException {
        Files.writeString(
                directory.resolve("in.csv"),
                "id,at,kind,amount\n" + String.join("\n", rows) + "\n");
    }

    private MergeLoad merge() {
        return Load.merge(out().toString()).on("id").latestBy("at");
    }

    private Pipeline orders(Load load) {
        String file = directory.resolve("in.csv").toString();
        return Pipeline.named("orders")
                .ledger(directory.resolve("ledger").toString())
                .extract(read -> read.chunkBytes("8KB").csv(file))
                .load(load)
                .retry(2, Duration.ofMillis(1));
    }

    private List<String> rows() {
        try (Table table =
                q.read()
                        .parquet(out() + "/")
                        .select("id", "at", "kind", "amount")
                        .sort("id")
                        .collect()) {
            return table.rows().stream().map(MergeTest::text).toList();
        }
    }

    private static String text(Row row) {
        var values = new ArrayList<String>();
        for (String name : List.of("id", "at", "kind", "amount"))
            values.add(String.valueOf(row.find(name, Object.class).orElse(null)));
        return String.join(",", values);
    }

    @Test
    void the_latest_row_of_a_key_stays_wherever_it_comes_from() throws IOException {
        deliver("1,10,a,1", "2,10,a,1", "1,20,b,2", "1,15,c,3", "3,,d,4");
        PipelineRun first = orders(merge()).run(q);
        deliver("2,9,x,9", "1,20,b,2", "3,1,y,5", "4,1,z,", "4,1,last,7");
        PipelineRun second = orders(merge()).run(q);

        assertThat(first.merged()).isEqualTo(new PipelineRun.Merged(3, 0, 2));
        assertThat(second.merged()).isEqualTo(new PipelineRun.Merged(1, 1, 3));
        assertThat(second.rowsLoaded()).isEqualTo(2);
        assertThat(rows()).containsExactly("1,20,b,2", "2,10,a,1", "3,1,y,5", "4,1,last,7");
    }

    @Test
    void only_folders_in_which_something_changes_are_written_anew() throws IOException {
        MergeLoad load = merge().partitionBy("kind");
        deliver("1,10,a,1", "2,10,b,2", "3,10,c,3", "4,10,d,4");
        orders(load).run(q);
        SortedMap<String, String> before = FlightFiles.contents(out());

        // One moves from b to a; one comes in a new folder; one is older than what is there.
        deliver("2,11,a,5", "5,11,e,6", "4,9,d,7");
        PipelineRun run = orders(load).run(q);
        SortedMap<String, String> after = FlightFiles.contents(out());

        assertThat(run.merged()).isEqualTo(new PipelineRun.Merged(1, 1, 1));
        assertThat(rows())
                .containsExactly("1,10,a,1", "2,11,a,5", "3,10,c,3", "4,10,d,4", "5,11,e,6");
        for (String folder : List.of("kind=c/part-00000.parquet", "kind=d/part-00000.parquet"))
            assertThat(folders(before, after, folder)).isEqualTo(folders(before, before, folder));
        assertThat(after.keySet()).noneMatch(name -> name.startsWith("kind=b"));

        orders(load).run(q);
        assertThat(FlightFiles.contents(out())).isEqualTo(after);
    }

    private static String folders(
            SortedMap<String, String> names, SortedMap<String, String> in, String like) {
        String folder = like.substring(0, like.indexOf('/'));
        String name =
                names.keySet().stream().filter(n -> n.startsWith(folder)).findFirst().orElseThrow();
        return String.valueOf(in.get(name));
    }

    @Test
    void columns_are_computed_from_both_rows() throws IOException {
        MergeLoad load =
                Load.merge(out().toString())
                        .on("id")
                        .set("amount", (was, now) -> was.col("amount").plus(now.col("amount")))
                        .set("kind", (was, now) -> was.col("kind"));
        deliver("1,10,a,1", "2,10,b,2");
        orders(load).run(q);

        deliver("1,5,x,10", "1,4,y,100", "3,4,z,7");
        orders(load).run(q);

        assertThat(rows()).containsExactly("1,4,a,101", "2,10,b,2", "3,4,z,7");
    }

    @Test
    void random_merges_are_duckdbs() throws Exception {
        long seed = Long.getLong("seed", new Random().nextInt(1_000_000));
        var random = new Random(seed);
        MergeLoad load = merge().partitionBy("kind");
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = duckdb.createStatement()) {
            sql.execute(
                    "CREATE TABLE t (id BIGINT, moment BIGINT, kind VARCHAR, amount BIGINT, n"
                            + " BIGINT)");
            long arrived = 0;
            for (int run = 0; run < 3; run++) {
                var rows = new ArrayList<String>();
                var values = new ArrayList<String>();
                for (int i = 0; i < 1_000; i++) {
                    String kind = "k" + random.nextInt(6);
                    String at = random.nextInt(10) == 0 ? "" : "" + random.nextInt(50);
                    long id = random.nextInt(3_000);
                    long amount = random.nextInt(1_000_000);
                    rows.add("%d,%s,%s,%d".formatted(id, at, kind, amount));
                    values.add(
                            "(%d,%s,'%s',%d,%d)"
                                    .formatted(
                                            id,
                                            at.isEmpty() ? "NULL" : at,
                                            kind,
                                            amount,
                                            arrived++));
                }
                deliver(rows.toArray(String[]::new));
                long fails = 1 + random.nextInt(80);
                var disk =
                        new TroubledDisk((step, _) -> {
                            if (step == fails) throw new IOException("the disk doesn't answer");
                        });
                PipelineRun done = toItsEnd(orders(load), Victim.with(disk));
                assertThat(
                                done.merged().inserted()
                                        + done.merged().updated()
                                        + done.merged().unchanged())
                        .as("seed %d", seed)
                        .isEqualTo(1_000);
                sql.execute("INSERT INTO t VALUES " + String.join(",", values));
            }
            assertThat(rows()).as("seed %d", seed).isEqualTo(expected(sql));
        }
    }

    /// Runs it, and again when what isn't tried again failed.
    private static PipelineRun toItsEnd(Pipeline pipeline, Surroundings troubled) {
        try {
            return pipeline.in(troubled).run(q);
        } catch (QuiverException e) {
            assertThat(e).hasMessageContaining("the disk doesn't answer");
            return pipeline.run(q);
        }
    }

    private static List<String> expected(Statement sql) throws SQLException {
        var rows = new ArrayList<String>();
        ResultSet results =
                sql.executeQuery(
                        "SELECT id, moment, kind, amount FROM t QUALIFY row_number() OVER"
                            + " (PARTITION BY id ORDER BY moment DESC NULLS LAST, n DESC) = 1 ORDER"
                            + " BY id");
        while (results.next())
            rows.add(
                    "%s,%s,%s,%s"
                            .formatted(
                                    results.getString(1),
                                    results.getString(2),
                                    results.getString(3),
                                    results.getString(4)));
        return rows;
    }

    @Test
    void a_gate_keeps_bad_rows_of_each_run_beside_a_merge() throws IOException {
        deliver("1,10,a,1", "2,10,,2");
        Path bad = directory.resolve("bad");
        String file = directory.resolve("in.csv").toString();
        Pipeline pipeline =
                Pipeline.named("orders")
                        .ledger(directory.resolve("ledger").toString())
                        .extract(read -> read.csv(file))
                        .gate(Gate.rules().notNull("kind").quarantine(bad.toString()))
                        .load(merge());
        pipeline.run(q);
        deliver("3,10,,3", "1,11,b,1");
        PipelineRun run = pipeline.run(q);

        assertThat(run.quarantined()).isEqualTo(1);
        assertThat(q.read().parquet(bad + "/").count()).isEqualTo(2);
        assertThat(rows()).containsExactly("1,11,b,1");
    }

    @Test
    void a_file_that_somebody_adds_while_a_merge_goes_on_is_neither_lost_nor_hidden()
            throws IOException {
        deliver("1,10,a,1", "2,10,b,2");
        orders(merge()).run(q);
        deliver("1,11,a,5");
        var disk =
                new TroubledDisk((_, what) -> {
                    if (what.startsWith("move ") && what.contains("/merged-"))
                        throw new IOException("no");
                });
        assertThatThrownBy(() ->
                        orders(merge()).retry(1, Duration.ofMillis(1)).in(Victim.with(disk)).run(q))
                .hasMessageContaining("stopped in publish")
                .hasMessageContaining("no");
        Path added = out().resolve("added.parquet");
        q.read().parquet(out() + "/").write().parquet(added.toString());

        assertThatThrownBy(() -> orders(merge()).run(q))
                .hasMessageContaining("'%s' came to be while the run went on".formatted(added))
                .hasMessageContaining("move it away and run the pipeline again");
        Files.move(added, directory.resolve("added.parquet"));
        PipelineRun run = orders(merge()).run(q);

        assertThat(run.merged()).isEqualTo(new PipelineRun.Merged(0, 1, 0));
        assertThat(rows()).containsExactly("1,11,a,5", "2,10,b,2");
    }

    @Test
    void what_cannot_be_merged_is_said() throws IOException {
        deliver("1,10,a,1");
        orders(merge()).run(q);
        assertThatThrownBy(() -> orders(Load.merge(out().toString())).run(q))
                .hasMessageContaining("has no keys");
        assertThatThrownBy(() -> orders(merge().partitionBy("kind")).run(q))
                .hasMessageContaining("and the load is partitioned by [kind]");
        assertThatThrownBy(() -> orders(merge().set("id", (was, _) -> was.col("id"))).run(q))
                .hasMessageContaining("of a key");
        deliver(",10,a,1");
        assertThatThrownBy(() -> orders(merge()).run(q))
                .hasMessageContaining("rows without a value in id: 1");
        deliver("1,10,a,1.5");
        assertThatThrownBy(() -> orders(merge()).run(q))
                .hasMessageContaining("amount is int64 there, and float64 in what comes");
        assertThat(rows()).containsExactly("1,10,a,1");

        // A run that a merge refused is given up: once it is mended, there is nothing to put back.
        deliver("1,11,a,2");
        PipelineRun mended = orders(merge().set("kind", (was, _) -> was.col("kind"))).run(q);
        assertThat(mended.toString())
                .startsWith(
                        "orders-5: 1 rows loaded, merged: 0 inserted, 1 updated, 0 unchanged, ");
        assertThat(rows()).containsExactly("1,11,a,2");
        try (Stream<Path> found = Files.list(directory)) {
            assertThat(found.map(path -> String.valueOf(path.getFileName())))
                    .containsExactlyInAnyOrder("in.csv", "ledger", "out");
        }
        assertThat(orders(merge()).explain(q)).contains("merge on [id], latest by at, set []");
    }
}
