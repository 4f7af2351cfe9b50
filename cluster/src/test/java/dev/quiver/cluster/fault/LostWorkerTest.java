package dev.quiver.cluster.fault;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Actor;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.client.TaskOptions;
import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.PublishedRows;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.node.SchedulerClientPort;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.QFuture;
import dev.quiver.graph.TaskKey;
import dev.quiver.scheduler.state.OutputStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
final class LostWorkerTest {
    @TempDir private Path directory;

    private static final Fn<Integer, Integer> SLOW_SQUARE =
            x -> {
                Thread.sleep(20);
                return x * x;
            };

    private static final List<Integer> ITEMS = IntStream.range(0, 300).boxed().toList();
    private static final List<Integer> SQUARES = ITEMS.stream().map(x -> x * x).toList();

    interface Resident {
        long pid();
    }

    @Scenario
    void tasks_of_a_killed_worker_are_run_by_others_and_its_actor_is_lost()
            throws InterruptedException {
        long seed = Long.getLong("seed", new Random().nextInt(10_000));
        System.out.println("LostWorkerTest -Dseed=" + seed);
        var random = new Random(seed);
        try (TestCluster cluster = TestCluster.start(directory, 3);
                Session q = cluster.connect();
                Actor<Resident> actor =
                        q.actor(Resident.class, () -> () -> ProcessHandle.current().pid())) {
            long home = actor.get().pid();
            List<QFuture<Integer>> futures = q.map(SLOW_SQUARE, ITEMS);
            Thread.sleep(random.nextInt(800));

            ProcessHandle.of(home).orElseThrow().destroyForcibly();

            assertThat(q.gather(futures)).isEqualTo(SQUARES);
            assertThatThrownBy(() -> actor.get().pid())
                    .hasMessageContaining("the worker was lost on which the actor")
                    .hasMessageContaining("fix: make another one");
            cluster.awaitWorkers(2);
        }
    }

    @Scenario
    void what_took_long_is_kept_by_two_workers_and_outlives_one_of_them() throws Exception {
        try (TestCluster cluster = TestCluster.start(directory, 2);
                Session q = cluster.connect()) {
            Path file = Files.writeString(directory.resolve("sizes.csv"), "size\n1\n2\n3\n");
            DataFrame kept =
                    q.read()
                            .csv(file)
                            .as(Size.class)
                            .filter(size -> {
                                Thread.sleep(400);
                                return size.size() > 1;
                            })
                            .df()
                            .publish("sizes");
            int home = awaitReplica(cluster.address());
            Files.delete(file);

            cluster.worker(home).destroyForcibly();

            assertThat(kept.filter(col("size").gt(1)).count()).isEqualTo(2);
        }
    }

    private record Size(long size) {}

    /// The index of the worker that holds the one partition of the published frame, once another
    /// one does, too.
    private static int awaitReplica(String address) throws InterruptedException {
        SchedulerAddress place = SchedulerAddress.parseAll(address).getFirst();
        try (var port = new SchedulerClientPort(place, Credentials.NONE)) {
            PublishedRows rows =
                    port.ask(new Question.Frames(), Answer.Frames.class).frames().getFirst();
            var task = new TaskKey(rows.stage(), 0);
            while (true) {
                OutputStatus output =
                        port.ask(new Question.Output(task), Answer.Output.class)
                                .output()
                                .orElseThrow();
                if (output.replica().isPresent()) return output.worker();
                Thread.sleep(50);
            }
        }
    }

    @Scenario
    void a_worker_that_joins_in_the_middle_takes_part_and_one_that_retires_loses_nothing()
            throws Exception {
        try (TestCluster cluster = TestCluster.start(directory, 1);
                Session q = cluster.connect()) {
            Fn<Integer, Long> where =
                    _ -> {
                        Thread.sleep(50);
                        return ProcessHandle.current().pid();
                    };
            List<QFuture<Long>> futures = new ArrayList<>(q.map(where, ITEMS));

            cluster.begin();

            // However long a process takes to start: there is more to do until it does some of it.
            while (q.gather(futures).stream().distinct().count() < 2)
                futures.addAll(q.map(where, ITEMS.subList(0, 40)));
            cluster.awaitWorkers(2);
            loseNothing(cluster, q);
        }
    }

    /// A worker leaves while it runs tasks, with outputs that couldn't be made again.
    private void loseNothing(TestCluster cluster, Session q) throws Exception {
        Path notes = directory.resolve("notes");
        DataFrame sales = keptWithoutFiles(q);
        try (Session publisher = cluster.connect()) {
            publisher.publish("rates", List.of(2, 3, 5));
        }
        List<Integer> items = ITEMS.subList(0, 40);
        List<QFuture<Integer>> noted = q.map(new Noted(notes.toString()), items);
        var groups =
                CompletableFuture.supplyAsync(() ->
                        sales.groupBy("key")
                                .agg(col("amount").sum().as("sum"))
                                .filter(col("sum").gt(0))
                                .count());

        cluster.retire(0);

        assertThat(cluster.worker(0).waitFor()).as(cluster::logs).isZero();
        cluster.awaitWorkers(1);
        assertThat(groups.get()).isEqualTo(499);
        assertThat(sales.count()).isEqualTo(16_000);
        List<QFuture<Integer>> readers = new ArrayList<>();
        for (QFuture<Integer> one : noted) readers.add(q.submit(x -> x + 1, one));
        assertThat(q.gather(readers)).isEqualTo(items.stream().map(x -> x * x + 1).toList());
        assertThat(Files.readAllLines(notes)).hasSize(items.size());
        QFuture<List<Integer>> rates = q.catalog().value("rates");
        assertThat(q.submit(List::size, rates).result()).isEqualTo(3);
    }

    /// A frame that is kept by the workers, and whose files are gone.
    private DataFrame keptWithoutFiles(Session q) throws IOException {
        Path files = Files.createDirectories(directory.resolve("sales"));
        for (int file = 0; file < 8; file++) {
            String rows =
                    IntStream.range(0, 2_000)
                            .mapToObj(i -> "%d,%d%n".formatted(i % 500, i % 500))
                            .collect(Collectors.joining());
            Files.writeString(files.resolve(file + ".csv"), "key,amount\n" + rows);
        }
        DataFrame kept = q.read().csv(files + "/*.csv").persist();
        for (int file = 0; file < 8; file++) Files.delete(files.resolve(file + ".csv"));
        return kept;
    }

    @Scenario
    void stragglers_run_a_second_time_and_a_worker_that_stood_still_for_long_comes_back()
            throws Exception {
        try (TestCluster cluster = TestCluster.start(directory, 2);
                Session q = cluster.connect()) {
            runStragglerTwice(cluster);
            List<QFuture<Integer>> futures = q.map(SLOW_SQUARE, ITEMS);
            Process frozen = cluster.worker(0);

            new ProcessBuilder("kill", "-STOP", "" + frozen.pid()).start().waitFor();
            List<Integer> results = q.gather(futures);
            cluster.awaitWorkers(1);
            new ProcessBuilder("kill", "-CONT", "" + frozen.pid()).start().waitFor();

            assertThat(results).isEqualTo(SQUARES);
            cluster.awaitWorkers(2);
            assertThat(frozen.isAlive()).isTrue();
        }
    }

    /// A task whose first attempt would take longer than the test.
    private void runStragglerTwice(TestCluster cluster) throws IOException {
        Path notes = directory.resolve("notes");
        Options options = Options.defaults().quiet().share(2).speculate();
        try (Session q = Quiver.connect(cluster.address(), options)) {
            List<QFuture<Integer>> futures =
                    q.map(
                            TaskOptions.options().pure(),
                            new Straggler(notes.toString(), 7),
                            ITEMS.subList(0, 8));

            assertThat(q.gather(futures)).isEqualTo(SQUARES.subList(0, 8));
            assertThat(Files.readAllLines(notes)).hasSize(9).containsOnlyOnce("7 takes long");
            assertThat(futures.get(7).story()).contains("ends first");
        }
    }
}
