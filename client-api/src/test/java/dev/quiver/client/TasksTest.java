package dev.quiver.client;

import static dev.quiver.client.TaskOptions.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.Status;
import dev.quiver.error.Cancelled;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import dev.quiver.error.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TasksTest {
    private static final AtomicInteger CALLS = new AtomicInteger();

    private final Session q = Quiver.local(Options.defaults().slots(2).quiet());

    @AfterEach
    void close() {
        q.close();
    }

    @Test
    void a_call_gives_its_result() {
        assertThat(q.submit(() -> 2 * 3).result()).isEqualTo(6);
        assertThat(q.run(() -> CALLS.incrementAndGet()).result()).isNull();
    }

    @Test
    void results_come_in_the_order_of_the_items() {
        var items = IntStream.range(0, 5_000).boxed().toList();
        var futures = q.map((Integer i) -> i * 2, items);
        assertThat(q.gather(futures)).isEqualTo(items.stream().map(i -> i * 2).toList());
        assertThat(futures).allMatch(f -> f.status() == Status.FINISHED);
    }

    @Test
    void then_runs_behind_an_unfinished_and_behind_a_finished_task() {
        var latch = new CountDownLatch(1);
        var first =
                q.submit(() -> {
                    latch.await();
                    return 20;
                });
        var second = first.then(x -> x + 1);
        assertThat(second.status()).isEqualTo(Status.WAITING);
        latch.countDown();
        assertThat(second.result()).isEqualTo(21);
        assertThat(first.then(x -> x + 2).then(x -> "=" + x).result()).isEqualTo("=22");
        assertThat(q.run(() -> {}).then(_ -> "after").result()).isEqualTo("after");
    }

    @Test
    void a_shared_part_of_a_graph_runs_once() {
        var calls = new AtomicInteger();
        var shared = q.delayed(calls::incrementAndGet);
        var sum = shared.with(shared.then(x -> x * 10), (a, b) -> a + b);
        assertThat(Delayed.all(List.of(shared, sum)).compute()).containsExactly(1, 11);
        assertThat(calls).hasValue(1);
        assertThat(sum.compute()).isEqualTo(22);
    }

    @Test
    void a_chain_of_many_thousand_tasks_needs_no_deep_stack() {
        Delayed<Integer> chain = q.delayed(() -> 0);
        for (int i = 0; i < 20_000; i++) chain = chain.then(x -> x + 1);
        assertThat(chain.compute()).isEqualTo(20_000);
    }

    @Test
    void more_tasks_than_one_stage_holds() {
        var futures = new ArrayList<QFuture<Integer>>();
        for (int i = 0; i < 40_000; i++) {
            int n = i;
            futures.add(q.submit(() -> n));
        }
        assertThat(q.gather(futures)).hasSize(40_000).endsWith(39_999);
        assertThat(futures.getFirst().story()).isNotEmpty();
    }

    @Test
    void a_task_that_throws_fails_with_its_exception_and_the_lines_of_the_user() {
        var future =
                q.submit(() -> {
                    throw new IllegalStateException("no luck");
                });
        var failure = catchThrowableOfType(TaskFailed.class, future::result);
        assertThat(failure)
                .hasMessageContaining("threw IllegalStateException: no luck   (TASK_FAILED)")
                .hasMessageContaining("thrown at: TasksTest.java:")
                .hasCauseExactlyInstanceOf(IllegalStateException.class);
        assertThat(future.exception()).containsInstanceOf(IllegalStateException.class);
        assertThat(future.status()).isEqualTo(Status.FAILED);
    }

    @Test
    void an_error_of_a_task_fails_the_task_and_not_the_worker() {
        List<QFuture<Integer>> futures =
                List.of(
                        q.submit(() -> endless(0)),
                        q.submit(() -> {
                            throw new AssertionError("wrong");
                        }),
                        q.submit(() -> {
                            throw new OutOfMemoryError("pretended");
                        }));
        for (var future : futures)
            assertThatThrownBy(future::result).isInstanceOf(QuiverException.class);
        assertThat(futures.get(0).exception()).containsInstanceOf(StackOverflowError.class);
        assertThat(q.submit(() -> 1).result()).isEqualTo(1);
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int endless(int depth) {
        return endless(depth + 1) + 1;
    }

    @Test
    void what_depends_on_a_failed_task_fails_with_its_cause() {
        QFuture<Integer> first =
                q.submit(() -> {
                    Thread.sleep(20);
                    throw new IllegalArgumentException("bad");
                });
        var second = first.then(x -> x + 1);
        var third = second.then(x -> x + 1);
        assertThatThrownBy(third::result)
                .isInstanceOf(TaskFailed.class)
                .hasMessageContaining("which it needs")
                .hasCauseExactlyInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> first.then(x -> x).result()).isInstanceOf(TaskFailed.class);
    }

    @Test
    void a_task_that_fails_twice_succeeds_with_three_retries_and_tells_so() {
        var calls = new AtomicInteger();
        var future =
                q.submit(
                        options().retries(3).backoff(Duration.ofMillis(1)),
                        () -> {
                            if (calls.incrementAndGet() < 3) throw new IllegalStateException("no");
                            return calls.get();
                        });
        assertThat(future.result()).isEqualTo(3);
        assertThat(future.story()).contains("no").hasLineCount(future.story().split("\n").length);
        assertThat(future.story().split("\n").length).isGreaterThan(3);
    }

    @Test
    void a_task_runs_no_longer_than_its_timeout() {
        long from = System.nanoTime();
        var future =
                q.submit(
                        options().timeout(Duration.ofMillis(50)),
                        () -> {
                            Thread.sleep(10_000);
                            return 1;
                        });
        var failure = catchThrowableOfType(QuiverException.class, future::result);
        assertThat(failure.code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(System.nanoTime() - from).isLessThan(TimeUnit.SECONDS.toNanos(2));
        assertThat(q.submit(() -> Thread.currentThread().isInterrupted()).result()).isFalse();
    }

    @Test
    void waiting_no_longer_than_a_while_leaves_the_task_running() {
        var latch = new CountDownLatch(1);
        var future =
                q.submit(() -> {
                    latch.await();
                    return 1;
                });
        var failure =
                catchThrowableOfType(
                        QuiverException.class, () -> future.result(Duration.ofMillis(5)));
        assertThat(failure.code()).isEqualTo(ErrorCode.TIMEOUT);
        latch.countDown();
        assertThat(future.result(Duration.ofSeconds(10))).isEqualTo(1);
    }

    @Test
    void an_interrupted_wait_keeps_the_flag_and_the_task() {
        var latch = new CountDownLatch(1);
        var future =
                q.submit(() -> {
                    latch.await();
                    return 1;
                });
        Thread.currentThread().interrupt();
        assertThatThrownBy(future::result).isInstanceOf(Cancelled.class);
        assertThat(Thread.interrupted()).isTrue();
        latch.countDown();
        assertThat(future.result()).isEqualTo(1);
    }

    @Test
    void a_waiting_task_is_cancelled_before_it_ran() {
        var latch = new CountDownLatch(1);
        var blockers =
                q.map(
                        (Integer i) -> {
                            latch.await();
                            return i;
                        },
                        List.of(1, 2));
        var calls = new AtomicInteger();
        var future = q.submit(calls::incrementAndGet);
        var behind = future.then(x -> x);
        assertThat(future.cancel()).isTrue();
        assertThatThrownBy(future::result).isInstanceOf(Cancelled.class);
        assertThatThrownBy(behind::result).isInstanceOf(QuiverException.class);
        latch.countDown();
        q.gather(blockers);
        assertThat(calls).hasValue(0);
        assertThat(future.cancel()).isFalse();
        assertThat(future.status()).isEqualTo(Status.CANCELLED);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void gather_throws_the_first_failure_without_waiting_for_the_rest() {
        var latch = new CountDownLatch(1);
        var futures = new ArrayList<QFuture<Integer>>();
        futures.add(
                q.submit(() -> {
                    Thread.sleep(20);
                    throw new IllegalStateException("first");
                }));
        futures.add(
                q.submit(() -> {
                    latch.await();
                    return 1;
                }));
        assertThatThrownBy(() -> q.gather(futures)).isInstanceOf(TaskFailed.class);
        latch.countDown();
    }

    @Test
    void the_jdks_future_has_the_result_or_the_failure_and_cancels_the_task()
            throws InterruptedException, ExecutionException {
        assertThat(q.submit(() -> 5).toCompletableFuture().get()).isEqualTo(5);
        var latch = new CountDownLatch(1);
        QFuture<Integer> future =
                q.submit(() -> {
                    latch.await();
                    throw new IllegalStateException("late");
                });
        var standard = future.toCompletableFuture();
        latch.countDown();
        assertThatThrownBy(standard::get).hasCauseInstanceOf(TaskFailed.class);

        QFuture<Void> endless = q.run(() -> Thread.sleep(60_000));
        endless.toCompletableFuture().cancel(true);
        assertThatThrownBy(endless::result).isInstanceOf(Cancelled.class);
    }

    @Test
    void a_task_that_waits_for_another_gives_its_slot_back() {
        var session = q;
        var future = q.submit(() -> session.submit(() -> 1).then(x -> sleepy(x)).result());
        assertThat(future.result()).isEqualTo(1);
    }

    private static int sleepy(int x) throws InterruptedException {
        Thread.sleep(200);
        return x;
    }

    @Test
    void tasks_wait_until_their_memory_can_be_set_aside() {
        try (var small = Quiver.local(Options.defaults().slots(4).memory("100MB").quiet())) {
            var running = new AtomicInteger();
            var most = new AtomicInteger();
            var futures = new ArrayList<QFuture<Void>>();
            for (int i = 0; i < 8; i++) {
                futures.add(
                        small.run(
                                options().memory("40MB"),
                                () -> {
                                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                                    Thread.sleep(5);
                                    running.decrementAndGet();
                                }));
            }
            small.gather(futures);
            assertThat(most.get()).isBetween(1, 2);
        }
    }

    @Test
    void a_closed_session_says_so_and_cancels_what_ran() {
        var future = q.run(() -> Thread.sleep(60_000));
        q.close();
        q.close();
        assertThatThrownBy(future::result).isInstanceOf(Cancelled.class);
        assertThatThrownBy(() -> q.submit(() -> 1))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("the session is closed");
    }

    @Test
    void many_sessions_live_beside_each_other_and_leave_no_thread() {
        int before = threads();
        for (int round = 0; round < 20; round++) {
            var sessions = new ArrayList<Session>();
            for (int i = 0; i < 5; i++)
                sessions.add(Quiver.local(Options.defaults().slots(1).quiet()));
            int n = round;
            for (Session session : sessions)
                assertThat(session.submit(() -> n).result()).isEqualTo(n);
            sessions.forEach(Session::close);
        }
        assertThat(threads()).isLessThanOrEqualTo(before + 1);
    }

    private static int threads() {
        return (int)
                Thread.getAllStackTraces().keySet().stream()
                        .filter(t -> t.getName().startsWith("quiver-") && t.isAlive())
                        .count();
    }

    @Test
    void finished_tasks_leave_nothing_in_the_worker() {
        q.gather(q.map((Integer i) -> i, IntStream.range(0, 1_000).boxed().toList()));
        var worker = ((OpenSession) q).conversation().backend().worker().orElseThrow();
        while (worker.objects().size() > 0) Thread.onSpinWait();
        assertThat(worker.running()).isZero();
    }
}
