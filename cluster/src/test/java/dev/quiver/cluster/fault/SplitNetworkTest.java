package dev.quiver.cluster.fault;

import static dev.quiver.cluster.fault.CollectedRows.rows;
import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Hold;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.cluster.security.TestCertificates;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.QFuture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three schedulers and two workers, each on a machine of its own, whose network is cut between
/// some of them for a while, or slow and lossy; some of their clocks are wrong.
@Tag("root")
@Timeout(180)
final class SplitNetworkTest {
    private static final int SCHEDULERS = 3;

    @TempDir private static Path home;

    @TempDir private Path directory;

    private static TestNetwork network;
    private static ProcessCluster cluster;

    private boolean done;

    @BeforeAll
    static void start() {
        network = new TestNetwork(SCHEDULERS + 2);
        try {
            var certificates = TestCertificates.in(home, network.hosts());
            Map<String, String> environment = new HashMap<>(certificates.environment());
            environment.put("QUIVER_CLUSTER_CLIENTS", certificates.clients().toString());
            List<Machine> machines = wrongClocks(network.machines());
            cluster =
                    ProcessCluster.on(
                            machines.subList(0, SCHEDULERS),
                            machines.subList(SCHEDULERS, machines.size()),
                            home,
                            environment);
        } catch (RuntimeException | Error e) {
            network.close();
            throw e;
        }
    }

    /// One scheduler's clock is an hour behind, another one's and one worker's are an hour ahead.
    private static List<Machine> wrongClocks(List<Machine> machines) {
        var all = new ArrayList<>(machines);
        all.set(0, machines.get(0).withClock("-1h"));
        all.set(1, machines.get(1).withClock("+1h"));
        all.set(SCHEDULERS, machines.get(SCHEDULERS).withClock("+1h"));
        return all;
    }

    @AfterAll
    static void stop() {
        cluster.close();
        network.close();
    }

    @AfterEach
    void end() {
        if (!done) System.out.println(cluster.logs());
        cluster.awaitWorkers(2);
    }

    /// A task that takes a while.
    private record Slowly() implements Fn<Integer, Integer> {
        @Override
        public Integer apply(Integer item) throws Exception {
            Thread.sleep(50);
            return item * item;
        }
    }

    @Scenario
    void an_active_scheduler_that_is_cut_off_from_the_others_is_replaced_and_two_are_never_active()
            throws Exception {
        List<Integer> items = IntStream.range(0, 200).boxed().toList();
        int before = cluster.awaitActive();
        List<Integer> others =
                IntStream.range(0, SCHEDULERS).filter(i -> i != before).boxed().toList();
        try (Session q = cluster.connect()) {
            List<QFuture<Integer>> futures = q.map(new Slowly(), items);

            for (int other : others) network.cut(before, other);
            int next;
            boolean both;
            try {
                next = cluster.awaitActive(before);
                both = cluster.isActive(before) && cluster.isActive(next);
                TimeUnit.SECONDS.sleep(2);
                both |= cluster.isActive(before);
            } finally {
                for (int other : others) network.heal(before, other);
            }

            assertThat(next).isNotEqualTo(before);
            assertThat(both).isFalse();
            assertThat(q.gather(futures)).isEqualTo(items.stream().map(x -> x * x).toList());
        }
        done = true;
    }

    private static DataFrame joined(Session session, Path orders) {
        DataFrame all = session.read().csv(orders + "/*.csv");
        return all.join(all.select(col("id"), col("amount").as("same")), How.INNER, "id")
                .groupBy("kind")
                .agg(col("same").sum().as("sum"), col("amount").max().as("most"))
                .sort("kind");
    }

    private Path orders() throws IOException {
        Path orders = Files.createDirectories(directory.resolve("orders"));
        for (int file = 0; file < 8; file++) {
            var lines = new ArrayList<String>(List.of("id,amount,kind"));
            for (int i = 0; i < 20_000; i++)
                lines.add("%d,%d,k%d".formatted(file * 20_000 + i, i % 50, i % 7));
            Files.write(orders.resolve("part-" + file + ".csv"), lines);
        }
        return orders;
    }

    private void assertAnswersWhileCut(int one, int other) throws Exception {
        Path orders = orders();
        List<String> expected;
        try (Session local = Quiver.local(Options.defaults().quiet())) {
            expected = rows(joined(local, orders));
        }
        try (Session q = cluster.connect()) {
            network.cut(one, other);
            CompletableFuture<List<String>> answer;
            try {
                answer = CompletableFuture.supplyAsync(() -> rows(joined(q, orders)));
                TimeUnit.SECONDS.sleep(5);
            } finally {
                network.heal(one, other);
            }

            assertThat(answer.get()).isEqualTo(expected);
        }
        done = true;
    }

    @Scenario
    void a_query_ends_although_its_workers_didnt_reach_each_other_for_a_while() throws Exception {
        assertAnswersWhileCut(SCHEDULERS, SCHEDULERS + 1);
    }

    @Scenario
    void a_query_ends_although_a_worker_didnt_reach_the_scheduler_for_a_while() throws Exception {
        assertAnswersWhileCut(cluster.awaitActive(), SCHEDULERS);
    }

    @Scenario
    void a_query_ends_on_a_network_that_is_slow_and_loses_packets() throws Exception {
        Path orders = orders();
        List<String> expected;
        try (Session local = Quiver.local(Options.defaults().quiet())) {
            expected = rows(joined(local, orders));
        }
        long lost;
        try (Session q = cluster.connect()) {
            network.worsen(40, 150, 3);
            List<String> answer;
            try {
                answer = rows(joined(q, orders));
            } finally {
                lost = network.mend();
            }

            assertThat(answer).isEqualTo(expected);
        }
        assertThat(lost).isPositive();
        done = true;
    }

    @Scenario
    void leases_and_locks_hold_although_clocks_differ_by_hours() throws Exception {
        String sums = "turns of " + UUID.randomUUID();
        try (Session q = cluster.connect()) {
            List<QFuture<Long>> clocks =
                    q.map(
                            _ -> {
                                Thread.sleep(100);
                                return System.currentTimeMillis();
                            },
                            IntStream.range(0, 12).boxed().toList());
            List<QFuture<Integer>> turns =
                    q.map(
                            n -> {
                                Session inside = Quiver.current();
                                try (Hold _ = inside.lock("turn").acquire()) {
                                    var sum = inside.<Integer>variable(sums);
                                    int before = sum.find().orElse(0);
                                    sum.set(before + n);
                                    return before;
                                }
                            },
                            IntStream.range(0, 20).boxed().toList());
            q.gather(turns);

            var said = q.gather(clocks).stream().mapToLong(Long::longValue).summaryStatistics();
            assertThat(said.getMax() - said.getMin()).isGreaterThan(TimeUnit.MINUTES.toMillis(59));
            assertThat(q.<Integer>variable(sums).get()).isEqualTo(190);
        }
        assertThat(cluster.logs()).doesNotContain("hasn't come back");
        done = true;
    }
}
