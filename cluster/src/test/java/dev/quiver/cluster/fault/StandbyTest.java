package dev.quiver.cluster.fault;

import static dev.quiver.cluster.fault.ProcessCluster.kill;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Session;
import dev.quiver.dataframe.QFuture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Of three schedulers one is active; when it goes another one goes on with its jobs.
@Timeout(180)
final class StandbyTest {
    @TempDir private static Path home;

    @TempDir private Path directory;

    private static ProcessCluster cluster;

    private final long seed = Long.getLong("seed", new Random().nextInt(10_000));
    private final Random random = new Random(seed);
    private final List<Integer> items = IntStream.range(0, 60).boxed().toList();
    private final List<Integer> squares = items.stream().map(x -> x * x).toList();
    private Path notes;
    private boolean done;

    @BeforeAll
    static void start() {
        cluster = ProcessCluster.withStandbys(home, 3, 2);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void begin() {
        System.out.println("StandbyTest -Dseed=" + seed);
        notes = directory.resolve("notes");
    }

    @AfterEach
    void end() {
        if (!done) System.out.println(cluster.logs());
        cluster.restartTheDead();
        cluster.awaitWorkers(2);
    }

    private List<QFuture<Integer>> submit(Session q) throws InterruptedException {
        List<QFuture<Integer>> futures = q.map(new Noted(notes.toString()), items);
        Thread.sleep(random.nextInt(1500));
        return futures;
    }

    private void assertRanOnce() throws IOException {
        assertThat(Files.readAllLines(notes).stream().map(Integer::valueOf).sorted())
                .isEqualTo(items);
    }

    private static void signal(Process process, String name)
            throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, "" + process.pid()).inheritIO().start().waitFor();
    }

    /// How often a scheduler has said that it isn't the active one any more.
    private static long steps(int scheduler) throws IOException {
        return cluster.log(scheduler)
                .lines()
                .filter(line -> line.contains("isn't the active one any more"))
                .count();
    }

    private static void awaitStep(int scheduler, long before)
            throws IOException, InterruptedException {
        while (steps(scheduler) == before) TimeUnit.MILLISECONDS.sleep(50);
    }

    @Scenario
    void a_standby_goes_on_when_the_active_one_is_killed_and_no_task_runs_twice() throws Exception {
        int active = cluster.awaitActive();
        try (Session q = cluster.connect()) {
            List<QFuture<Integer>> futures = submit(q);

            kill(cluster.scheduler(active));

            assertThat(q.gather(futures)).isEqualTo(squares);
            assertThat(q.submit(() -> "more").result()).isEqualTo("more");
        }
        assertRanOnce();
        done = true;
    }

    @Scenario
    void a_frozen_active_one_is_replaced_and_stands_by_when_it_wakes() throws Exception {
        int active = cluster.awaitActive();
        long steps = steps(active);
        try (Session q = cluster.connect()) {
            List<QFuture<Integer>> futures = submit(q);

            signal(cluster.scheduler(active), "STOP");
            int next;
            try {
                next = cluster.awaitActive(active);
            } finally {
                signal(cluster.scheduler(active), "CONT");
            }
            assertThat(next).isNotEqualTo(active);
            awaitStep(active, steps);

            assertThat(q.gather(futures)).isEqualTo(squares);
            assertThat(q.submit(() -> "more").result()).isEqualTo("more");
        }
        assertRanOnce();
        done = true;
    }

    @Scenario
    void all_schedulers_may_be_killed_and_started_again() throws Exception {
        try (Session q = cluster.connect()) {
            List<QFuture<Integer>> futures = submit(q);

            for (int i = 0; i < 3; i++) kill(cluster.scheduler(i));
            for (int i = 0; i < 3; i++) cluster.restartScheduler(i);

            assertThat(q.gather(futures)).isEqualTo(squares);
            assertThat(q.submit(() -> "more").result()).isEqualTo("more");
        }
        assertRanOnce();
        done = true;
    }

    @Scenario
    void a_query_goes_on_when_the_active_scheduler_and_a_worker_are_killed() throws Exception {
        var query = SlowQuery.in(directory);
        int active = cluster.awaitActive();
        try (Session q = cluster.connect()) {
            var answer = CompletableFuture.supplyAsync(() -> query.rows(q));
            Thread.sleep(random.nextInt(1500));

            kill(cluster.scheduler(active));
            Thread.sleep(random.nextInt(200));
            kill(cluster.worker(random.nextInt(2)));

            assertThat(answer.get()).isEqualTo(query.expected());
        }
        done = true;
    }

    @Scenario
    void a_query_goes_on_when_every_process_was_killed_and_started_again() throws Exception {
        var query = SlowQuery.in(directory);
        try (Session q = cluster.connect()) {
            var answer = CompletableFuture.supplyAsync(() -> query.rows(q));
            Thread.sleep(random.nextInt(1500));

            cluster.processes().forEach(ProcessCluster::kill);
            cluster.restartTheDead();

            assertThat(answer.get()).isEqualTo(query.expected());
        }
        done = true;
    }

    @Scenario
    void one_of_three_schedulers_alone_isnt_active() throws Exception {
        int active = cluster.awaitActive();
        long steps = steps(active);
        try (Session q = cluster.connect()) {
            List<QFuture<Integer>> futures = submit(q);

            for (int i = 0; i < 3; i++) if (i != active) kill(cluster.scheduler(i));
            awaitStep(active, steps);
            for (int i = 0; i < 3; i++) if (i != active) cluster.restartScheduler(i);

            assertThat(q.gather(futures)).isEqualTo(squares);
        }
        assertRanOnce();
        done = true;
    }
}
