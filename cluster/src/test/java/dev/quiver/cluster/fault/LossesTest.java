package dev.quiver.cluster.fault;

import static dev.quiver.dataframe.Functions.asc;
import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.QFuture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Jobs that go on whatever becomes of workers, one at a time or several.
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LossesTest {
    private static final int FILES = 8;
    private static final int ROWS = 40_000;
    private static final int KEYS = 5_000;
    private static final List<Integer> ITEMS = IntStream.range(0, 400).boxed().toList();
    private static final List<Integer> SQUARES = ITEMS.stream().map(x -> x * x).toList();
    private static final Fn<Integer, Integer> SLOW_SQUARE =
            x -> {
                Thread.sleep(20);
                return x * x;
            };

    @TempDir private static Path inputs;

    @TempDir private Path directory;

    private String expected;

    @BeforeAll
    void write() throws IOException {
        for (int file = 0; file < FILES; file++) {
            int from = file * ROWS;
            String rows =
                    IntStream.range(from, from + ROWS)
                            .mapToObj(i -> "%d,%d%n".formatted(i % KEYS, i))
                            .collect(Collectors.joining());
            Files.writeString(inputs.resolve("sales%d.csv".formatted(file)), "key,amount\n" + rows);
        }
        String names =
                IntStream.range(0, KEYS)
                        .mapToObj(i -> "%d,name %d%n".formatted(i, i % 100))
                        .collect(Collectors.joining());
        Files.writeString(inputs.resolve("names.csv"), "key,name\n" + names);
        try (Session local = Quiver.local(Options.defaults().quiet())) {
            expected = join(local);
        }
    }

    /// The text of a join and two aggregations over all rows.
    private String join(Session q) {
        DataFrame sales = q.read().csv(inputs.resolve("sales*.csv").toString());
        DataFrame totals = sales.groupBy("key").agg(col("amount").sum().as("total"));
        try (var table =
                sales.join(totals, How.INNER, "key")
                        .join(
                                q.read().csv(inputs.resolve("names.csv").toString()),
                                How.INNER,
                                "key")
                        .groupBy("name")
                        .agg(count().as("rows"), col("total").sum().as("sum"))
                        .sort(asc("name"))
                        .collect()) {
            return table.strings("name")
                    + Arrays.toString(table.longs("rows"))
                    + Arrays.toString(table.longs("sum"));
        }
    }

    private Random random(String test) {
        long seed = Long.getLong("seed", new Random().nextInt(10_000));
        System.out.println("LossesTest." + test + " -Dseed=" + seed);
        return new Random(seed);
    }

    @Scenario
    void a_join_ends_when_two_of_three_workers_are_killed() throws Exception {
        Random random = random("killed");
        try (TestCluster cluster = TestCluster.start(directory, 3);
                Session q = cluster.connect()) {
            var answer = CompletableFuture.supplyAsync(() -> join(q));
            int spared = random.nextInt(3);

            for (int i = 0; i < 3; i++) {
                Thread.sleep(random.nextInt(500));
                if (i != spared) cluster.worker(i).destroyForcibly();
            }

            assertThat(answer.get()).isEqualTo(expected);
            cluster.awaitWorkers(1);
            cluster.awaitNoOutputs();
        }
    }

    @Scenario
    void a_worker_that_stands_still_for_a_while_is_not_lost() throws Exception {
        Random random = random("still");
        try (TestCluster cluster = TestCluster.start(directory, 2);
                Session q = cluster.connect()) {
            Set<Integer> before = numbers(cluster);
            List<QFuture<Integer>> futures = q.map(SLOW_SQUARE, ITEMS);
            Thread.sleep(random.nextInt(500));
            Process frozen = cluster.worker(random.nextInt(2));

            signal("-STOP", frozen);
            Thread.sleep(5_000);
            signal("-CONT", frozen);

            assertThat(q.gather(futures)).isEqualTo(SQUARES);
            cluster.awaitWorkers(2);
            assertThat(numbers(cluster)).isEqualTo(before);
        }
    }

    /// Of the workers: one that was given up comes back with another.
    private static Set<Integer> numbers(TestCluster cluster) {
        return cluster.members().stream()
                .map(member -> member.address().worker())
                .collect(Collectors.toSet());
    }

    private static void signal(String signal, Process process) throws Exception {
        new ProcessBuilder("kill", signal, "" + process.pid()).start().waitFor();
    }

    @Scenario
    @Tag("nightly") // by day ClusterUpTest tries it
    void a_task_that_ends_three_workers_fails_and_others_go_on() {
        try (TestCluster cluster = TestCluster.start(directory, 4);
                Session q = cluster.connect()) {
            QFuture<Integer> deadly =
                    q.submit(() -> {
                        Runtime.getRuntime().halt(7);
                        return 1;
                    });

            assertThatThrownBy(deadly::result)
                    .hasMessageContaining("3 workers were lost while task 0 of")
                    .hasMessageContaining("it probably ends the process it runs in");

            cluster.awaitWorkers(1);
            assertThat(q.gather(q.map(x -> x * x, ITEMS))).isEqualTo(SQUARES);
        }
    }

    @Scenario
    void a_job_ends_while_each_worker_is_replaced_by_another() throws Exception {
        Random random = random("rolling");
        try (TestCluster cluster = TestCluster.start(directory, 2);
                Session q = cluster.connect()) {
            Path notes = directory.resolve("notes");
            List<QFuture<Integer>> futures = q.map(new Noted(notes.toString()), ITEMS);

            for (int i = 0; i < 2; i++) {
                cluster.begin();
                cluster.awaitWorkers(3);
                Thread.sleep(random.nextInt(300));
                cluster.retire(i);
                assertThat(cluster.worker(i).waitFor()).as(cluster::logs).isZero();
                cluster.awaitWorkers(2);
            }

            assertThat(q.gather(futures)).isEqualTo(SQUARES);
            assertThat(Files.readAllLines(notes)).hasSize(ITEMS.size());
            assertThat(q.gather(q.map(x -> x * x, ITEMS))).isEqualTo(SQUARES);
        }
    }
}
