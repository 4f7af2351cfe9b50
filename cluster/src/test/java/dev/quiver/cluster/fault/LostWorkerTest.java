package dev.quiver.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Session;
import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.QFuture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
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

    @Test
    void tasks_of_a_killed_worker_are_run_by_others() throws InterruptedException {
        long seed = Long.getLong("seed", new Random().nextInt(10_000));
        System.out.println("LostWorkerTest -Dseed=" + seed);
        var random = new Random(seed);
        try (TestCluster cluster = TestCluster.start(directory, 3);
                Session q = cluster.connect()) {
            List<QFuture<Integer>> futures = q.map(SLOW_SQUARE, ITEMS);
            Thread.sleep(random.nextInt(800));

            cluster.worker(random.nextInt(3)).destroyForcibly();

            assertThat(q.gather(futures)).isEqualTo(SQUARES);
            cluster.awaitWorkers(2);
        }
    }

    @Test
    void a_worker_that_joins_in_the_middle_takes_part() {
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
        }
    }

    @Test
    void a_worker_that_stood_still_for_long_comes_back() throws Exception {
        try (TestCluster cluster = TestCluster.start(directory, 2);
                Session q = cluster.connect()) {
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
}
