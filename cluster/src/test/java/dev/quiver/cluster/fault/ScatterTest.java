package dev.quiver.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Scattered;
import dev.quiver.client.Session;
import dev.quiver.dataframe.QFuture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Values of the client's on workers.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ScatterTest {
    @TempDir private static Path directory;

    private TestCluster cluster;
    private Session q;

    @BeforeAll
    void start() throws Exception {
        cluster = TestCluster.start(Files.createDirectories(directory.resolve("logs")), 2);
        q = cluster.connect();
    }

    @AfterAll
    void stop() {
        q.close();
        cluster.close();
    }

    @Test
    void tasks_on_workers_are_called_with_it() {
        Scattered<String> text = q.scatter("quiver");

        QFuture<Integer> length = q.submit(String::length, text);
        QFuture<String> twice = q.submit((n, t) -> t.repeat(n), q.submit(() -> 2), text);

        assertThat(length.result()).isEqualTo(6);
        assertThat(twice.result()).isEqualTo("quiverquiver");
        assertThat(text.result()).isEqualTo("quiver");
    }

    @Test
    void a_broadcast_value_travels_once_to_each_worker() throws Exception {
        var weights = new byte[4 << 20];
        long before = q.usage().memoryBytes();

        try (Scattered<byte[]> common = q.broadcast(weights)) {
            List<QFuture<Long>> all =
                    q.map(
                            (i, w) -> {
                                Thread.sleep(5);
                                assertThat(w).hasSize(4 << 20);
                                return ProcessHandle.current().pid() << 32
                                        | System.identityHashCode(w);
                            },
                            IntStream.range(0, 60).boxed().toList(),
                            common);
            var objects = new HashSet<>(q.gather(all));

            assertThat(objects).as("an object a worker").hasSize(2);
            awaitMemory(before + 2 * (4L << 20) - (1 << 20), before + 2 * (4L << 20) + (1 << 20));
        }
        awaitMemory(0, before + (1 << 20));
    }

    private void awaitMemory(long least, long most) throws InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (q.usage().memoryBytes() < least || q.usage().memoryBytes() > most) {
            assertThat(System.nanoTime())
                    .as("%d, not in %d to %d", q.usage().memoryBytes(), least, most)
                    .isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    @Scenario
    void it_is_sent_again_when_a_worker_is_lost() throws Exception {
        Path logs = Files.createDirectories(directory.resolve("lost"));
        try (TestCluster other = TestCluster.start(logs, 2);
                Session s = other.connect()) {
            Scattered<String> one = s.scatter("one");
            Scattered<String> all = s.broadcast("all");
            assertThat(s.gather(s.map((i, t) -> t + i, List.of(1, 2, 3, 4), all)))
                    .containsExactly("all1", "all2", "all3", "all4");
            assertThat(s.submit(t -> t, one).result()).isEqualTo("one");

            other.worker(0).destroyForcibly().waitFor();

            assertThat(s.submit((a, b) -> a + b, one, all).result()).isEqualTo("oneall");
            other.begin();
            other.awaitWorkers(2);
            other.worker(1).destroyForcibly().waitFor();
            assertThat(s.submit((a, b) -> a + b, one, all).result()).isEqualTo("oneall");
        }
    }
}
