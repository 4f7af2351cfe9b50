package dev.quiver.cluster.fault;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.Analysis;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Gate;
import dev.quiver.dataframe.How;
import dev.quiver.error.QuiverException;
import dev.quiver.pipeline.Load;
import dev.quiver.pipeline.Pipeline;
import dev.quiver.pipeline.PipelineRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Pipelines on a cluster leave the files that they leave in one process.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PipelinesTest {
    private static final int FILES = 4;
    private static final int ROWS = 2_000;

    @TempDir private static Path directory;

    private TestCluster cluster;
    private Session q;
    private Session local;
    private Path in;

    record Kind(String kind, int rank) {}

    private static final List<Kind> KINDS = List.of(new Kind("k1", 1), new Kind("k2", 2));

    @BeforeAll
    void start() throws IOException {
        in = Files.createDirectories(directory.resolve("in"));
        for (int file = 0; file < FILES; file++) write(file, file * ROWS);
        cluster = TestCluster.start(Files.createDirectories(directory.resolve("logs")), 2);
        q = cluster.connect();
        local = Quiver.local(Options.defaults().quiet());
    }

    private void write(int file, int from) throws IOException {
        var lines = new ArrayList<String>(List.of("id,kind,amount"));
        for (int i = from; i < from + ROWS; i++)
            lines.add("%d,k%d,%s".formatted(i, i % 5, i % 97 == 0 ? "" : "" + i % 100));
        Files.write(in.resolve(file + ".csv"), lines);
    }

    @AfterAll
    void stop() {
        q.close();
        local.close();
        cluster.close();
    }

    private Pipeline orders(Path out) {
        String files = in + "/*.csv";
        return Pipeline.named("orders")
                .ledger(out.resolve("ledger").toString())
                .extract(read -> read.csv(files));
    }

    private static String target(Path out) {
        return out.resolve("out").toString();
    }

    private static TreeMap<String, String> files(Path folder) throws IOException {
        var files = new TreeMap<String, String>();
        try (var all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList())
                files.put(
                        folder.relativize(file).toString(),
                        Files.readString(file, StandardCharsets.ISO_8859_1));
        }
        return files;
    }

    private Path out(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    @Test
    void a_gate_and_a_join_leave_the_same_parts_and_the_same_bad_rows() throws IOException {
        Path here = out("gate-here");
        Path there = out("gate-there");

        PipelineRun expected = gated(local, here).run(local);
        PipelineRun run = gated(q, there).run(q);

        assertThat(run.rowsLoaded()).isEqualTo(expected.rowsLoaded()).isPositive();
        assertThat(run.units()).isEqualTo(expected.units()).isEqualTo(FILES);
        assertThat(run.toString().replaceAll("\\d+[.]\\d+ s", "").replace(there + "", ""))
                .isEqualTo(
                        expected.toString().replaceAll("\\d+[.]\\d+ s", "").replace(here + "", ""));
        assertThat(files(there.resolve("out"))).isEqualTo(files(here.resolve("out")));
        assertThat(files(there.resolve("bad")).keySet())
                .isEqualTo(files(here.resolve("bad")).keySet())
                .isNotEmpty();
    }

    private Pipeline gated(Session session, Path out) {
        Gate gate =
                Gate.rules()
                        .check("has an amount", col("amount").isNotNull())
                        .quarantine(out.resolve("bad").toString());
        DataFrame kinds = session.of(Kind.class, KINDS);
        return orders(out)
                .gate(gate)
                .transform(df -> df.join(kinds, How.INNER, "kind"))
                .load(Load.csv(target(out)));
    }

    @Test
    void rows_that_were_seen_before_are_dropped() throws IOException {
        Path here = out("seen-here");
        Path there = out("seen-there");
        for (int run = 0; run < 2; run++) {
            PipelineRun expected =
                    orders(here).load(Load.csv(target(here)).dropSeen("kind")).run(local);
            PipelineRun actual =
                    orders(there).load(Load.csv(target(there)).dropSeen("kind")).run(q);
            assertThat(actual.rowsLoaded()).isEqualTo(expected.rowsLoaded());
        }
        assertThat(files(there.resolve("out"))).isEqualTo(files(here.resolve("out"))).isNotEmpty();
    }

    @Test
    void a_run_that_failed_goes_on_where_it_was() throws IOException {
        Path out = out("again");
        Path trouble = Files.createFile(out.resolve("trouble"));
        String name = trouble.toString();
        Pipeline pipeline =
                orders(out)
                        .transform(df ->
                                df.as(Order.class)
                                        .filter(order -> order.id() != 7_000 || !isThere(name))
                                        .df())
                        .load(Load.csv(target(out)));
        assertThatThrownBy(() -> pipeline.run(q))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("not yet");
        Files.delete(trouble);

        PipelineRun run = pipeline.run(q);

        assertThat(run.rowsLoaded()).isEqualTo((long) FILES * ROWS);
    }

    record Order(long id, String kind, @Nullable Long amount) {}

    private static boolean isThere(String file) {
        if (Files.exists(Path.of(file))) throw new IllegalStateException("not yet");
        return false;
    }

    @Test
    void an_analysis_counts_the_rows_that_each_step_gave() {
        DataFrame frame =
                q.read().csv(in + "/*.csv").filter(col("kind").eq("k3")).groupBy("kind").count();
        DataFrame same =
                local.read()
                        .csv(in + "/*.csv")
                        .filter(col("kind").eq("k3"))
                        .groupBy("kind")
                        .count();

        assertThat(rows(frame.analyze())).isEqualTo(rows(same.analyze())).isNotEmpty();
    }

    private static List<String> rows(Analysis analysis) {
        return analysis.steps().stream().map(step -> step.operator() + ": " + step.rows()).toList();
    }
}
