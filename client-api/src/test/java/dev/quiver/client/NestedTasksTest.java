package dev.quiver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.QFuture;
import dev.quiver.error.Cancelled;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Tasks that submit tasks, with one slot for all of them.
@Timeout(60)
final class NestedTasksTest {
    private final Session q = Quiver.local(Options.defaults().slots(1).memory("64MB").quiet());

    record Sale(int amount) {}

    @AfterEach
    void close() {
        q.close();
    }

    private static long fibonacci(int n) {
        if (n < 2) return n;
        Session inside = Quiver.current();
        QFuture<Long> before = inside.submit(() -> fibonacci(n - 1));
        return inside.submit(() -> fibonacci(n - 2)).result() + before.result();
    }

    @Test
    void a_task_that_waits_gives_its_slot_to_others() {
        assertThat(q.submit(() -> fibonacci(12)).result()).isEqualTo(144);
    }

    @Test
    void never_more_tasks_run_than_there_are_slots() {
        var running = new AtomicInteger();
        var most = new AtomicInteger();

        List<QFuture<Integer>> all =
                q.map(
                        i -> {
                            QFuture<Integer> child =
                                    Quiver.current().submit(() -> busy(i, running, most));
                            int known = child.result();
                            return known + busy(i, running, most);
                        },
                        IntStream.range(0, 20).boxed().toList());

        assertThat(q.gather(all).stream().mapToInt(n -> n).sum()).isEqualTo(380);
        assertThat(most).hasValue(1);
    }

    private static int busy(int value, AtomicInteger running, AtomicInteger most)
            throws InterruptedException {
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        Thread.sleep(1);
        running.decrementAndGet();
        return value;
    }

    @Test
    void it_gathers_maps_and_runs_queries() {
        int sum =
                q.submit(
                                () -> {
                                    Session inside = Quiver.current();
                                    int squares = 0;
                                    for (QFuture<Integer> done :
                                            inside.asCompleted(
                                                    inside.map(n -> n * n, List.of(1, 2, 3))))
                                        squares += done.result();
                                    List<Integer> more =
                                            inside.gather(inside.map(n -> n, List.of(4, 5)));
                                    var sales = List.of(new Sale(1), new Sale(2));
                                    return squares
                                            + more.getLast()
                                            + (int) inside.of(Sale.class, sales).count();
                                })
                        .result();

        assertThat(sum).isEqualTo(14 + 5 + 2);
    }

    @Test
    void all_that_waits_may_hold_memory() {
        TaskOptions half = TaskOptions.options().memory("40MB");

        String text =
                q.submit(half, () -> "a" + Quiver.current().submit(half, () -> "b").result())
                        .result();

        assertThat(text).isEqualTo("ab");
    }

    @Test
    void a_waiting_task_that_is_cancelled_ends() throws InterruptedException {
        var inside = new CountDownLatch(1);
        QFuture<Integer> waiting =
                q.submit(() -> {
                    QFuture<Void> endless = Quiver.current().run(() -> Thread.sleep(60_000));
                    inside.countDown();
                    try {
                        endless.result();
                    } finally {
                        endless.cancel();
                    }
                    return 1;
                });
        inside.await();

        waiting.cancel();

        assertThatThrownBy(waiting::result).isInstanceOf(Cancelled.class);
        assertThat(q.submit(() -> 2).result()).isEqualTo(2);
    }

    @Test
    void a_failure_inside_is_that_of_the_task_around_it() {
        QFuture<Integer> outer =
                q.submit(() -> Quiver.current().submit(() -> Integer.parseInt("x")).result());

        assertThatThrownBy(outer::result)
                .isInstanceOf(TaskFailed.class)
                .hasRootCauseInstanceOf(NumberFormatException.class);
    }

    @Test
    void closing_the_session_of_a_task_closes_nothing() {
        int six =
                q.submit(
                                () -> {
                                    try (Session inside = Quiver.current()) {
                                        return inside.submit(() -> 6).result();
                                    }
                                })
                        .result();

        assertThat(q.submit(() -> six + 1).result()).isEqualTo(7);
    }

    @Test
    void outside_of_tasks_there_is_none() {
        assertThatThrownBy(Quiver::current)
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("outside of a task");
    }
}
