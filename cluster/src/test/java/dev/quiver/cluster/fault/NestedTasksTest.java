package dev.quiver.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.client.TaskOptions;
import dev.quiver.dataframe.QFuture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tasks on workers that submit tasks, which results come first, and which tasks.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NestedTasksTest {
    @TempDir private static Path directory;

    private TestCluster cluster;
    private Session q;

    record Sale(String region, int amount) {}

    @BeforeAll
    void start() throws Exception {
        cluster = TestCluster.start(Files.createDirectories(directory.resolve("logs")), 1);
        q = cluster.connect();
    }

    @AfterAll
    void stop() {
        q.close();
        cluster.close();
    }

    private static long fibonacci(int n) {
        if (n < 2) return n;
        Session inside = Quiver.current();
        QFuture<Long> before = inside.submit(() -> fibonacci(n - 1));
        return inside.submit(() -> fibonacci(n - 2)).result() + before.result();
    }

    @Test
    void a_task_that_waits_gives_its_slot_to_others() {
        assertThat(q.submit(() -> fibonacci(9)).result()).isEqualTo(34);
    }

    @Test
    void tasks_share_values_and_run_queries_from_within() {
        List<Integer> amounts = List.of(1, 2, 3);

        QFuture<Long> outer =
                q.submit(() -> {
                    Session inside = Quiver.current();
                    var base = inside.broadcast(100);
                    var sales = new ArrayList<Sale>();
                    for (int sum : inside.gather(inside.map((n, b) -> n + b, amounts, base)))
                        sales.add(new Sale("north", sum));
                    return inside.of(Sale.class, sales).count()
                            + sales.stream().mapToInt(Sale::amount).sum();
                });

        assertThat(outer.result()).isEqualTo(3 + 306);
    }

    @Test
    void results_come_in_the_order_in_which_tasks_end() {
        QFuture<String> slow =
                q.submit(() -> {
                    Thread.sleep(400);
                    return "slow";
                });
        QFuture<String> quick = q.submit(() -> "quick");

        List<String> order =
                q.asCompleted(List.of(slow, quick)).stream().map(QFuture::result).toList();

        assertThat(order).containsExactly("quick", "slow");
    }

    @Test
    void greater_priorities_go_first() {
        List<QFuture<Void>> busy =
                q.map(
                        _ -> {
                            Thread.sleep(300);
                            return null;
                        },
                        IntStream.range(0, 8).boxed().toList());
        QFuture<Long> low = q.submit(TaskOptions.options().priority(-1), () -> System.nanoTime());
        QFuture<Long> high = q.submit(TaskOptions.options().priority(1), () -> System.nanoTime());

        assertThat(high.result()).isLessThan(low.result());
        q.gather(busy);
    }
}
