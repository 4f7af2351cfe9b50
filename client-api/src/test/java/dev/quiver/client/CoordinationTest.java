package dev.quiver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.QFuture;
import dev.quiver.error.Cancelled;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a session and its tasks share under names, with one slot for all tasks.
@Timeout(60)
final class CoordinationTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Session q = Quiver.local(Options.defaults().slots(1).memory("64MB").quiet());

    record Page(String address, int depth) {}

    @AfterEach
    void close() {
        q.close();
    }

    @Test
    void a_lock_is_held_by_one_at_a_time() {
        NamedLock lock = q.lock("ledger");

        long first;
        try (Hold hold = lock.acquire()) {
            first = hold.token();
            assertThat(lock.isHeld()).isTrue();
            assertThat(q.lock("ledger").tryAcquire()).isEmpty();
            assertThat(lock.tryAcquire(SHORT)).isEmpty();
            assertThat(q.lock("another").tryAcquire()).isPresent();
        }

        assertThat(lock.isHeld()).isFalse();
        try (Hold hold = lock.tryAcquire(LONG).orElseThrow()) {
            assertThat(hold.token()).isGreaterThan(first);
        }
    }

    @Test
    void a_task_that_waits_for_a_lock_gives_its_slot_to_others() {
        QFuture<String> waiting;
        try (Hold _ = q.lock("l").acquire()) {
            waiting =
                    q.submit(() -> {
                        try (Hold hold = Quiver.current().lock("l").acquire()) {
                            return "after " + (hold.token() - 1);
                        }
                    });
            assertThat(q.submit(() -> "meanwhile").result()).isEqualTo("meanwhile");
        }

        assertThat(waiting.result()).isEqualTo("after 1");
    }

    @Test
    void tasks_that_take_turns_lose_no_update() {
        List<QFuture<Integer>> all =
                q.map(
                        _ -> {
                            Session inside = Quiver.current();
                            NamedVariable<Integer> sum = inside.variable("sum");
                            try (Hold _ = inside.lock("sum").acquire()) {
                                int before = sum.find().orElse(0);
                                sum.set(before + 1);
                                return before;
                            }
                        },
                        IntStream.range(0, 50).boxed().toList());
        q.gather(all);

        assertThat(q.<Integer>variable("sum").get()).isEqualTo(50);
    }

    @Test
    void a_semaphore_has_so_many_permits() {
        NamedSemaphore three = q.semaphore("database", 3);

        try (Hold _ = three.acquire(2)) {
            assertThat(three.available()).isEqualTo(1);
            assertThat(three.tryAcquire(2, SHORT)).isEmpty();
            try (Hold _ = three.tryAcquire(SHORT).orElseThrow()) {
                assertThat(three.available()).isZero();
            }
            assertThatThrownBy(() -> q.semaphore("database", 4).acquire())
                    .isInstanceOf(QuiverException.class)
                    .hasMessageContaining("number of permits of 3, not 4");
        }

        assertThat(three.available()).isEqualTo(3);
        assertThatThrownBy(() -> three.acquire(4)).hasMessageContaining("ask for 1 to 3");
    }

    @Test
    void an_event_is_awaited_until_it_is_set() {
        NamedEvent event = q.event("there");
        assertThat(event.await(SHORT)).isFalse();
        QFuture<String> waiting =
                q.submit(() -> {
                    Quiver.current().event("there").await();
                    return "seen";
                });

        q.run(() -> Quiver.current().event("there").set()).result();

        assertThat(waiting.result()).isEqualTo("seen");
        assertThat(event.isSet()).isTrue();
        event.clear();
        assertThat(event.isSet()).isFalse();
    }

    @Test
    void values_leave_a_queue_in_the_order_in_which_they_came() {
        NamedQueue<Page> pages = q.queue("pages", 2);
        QFuture<List<Page>> taken =
                q.submit(() -> {
                    NamedQueue<Page> there = Quiver.current().queue("pages", 2);
                    return List.of(there.take(), there.take(), there.take());
                });

        for (int i = 0; i < 3; i++) pages.put(new Page("p", i));

        assertThat(taken.result()).extracting(Page::depth).containsExactly(0, 1, 2);
        assertThat(pages.poll(SHORT)).isEmpty();
        assertThat(pages.offer(new Page("a", 1), SHORT)).isTrue();
        assertThat(pages.offer(new Page("b", 2), SHORT)).isTrue();
        assertThat(pages.offer(new Page("c", 3), SHORT)).isFalse();
        assertThat(pages.size()).isEqualTo(2);
        assertThat(pages.poll(Duration.ZERO)).contains(new Page("a", 1));
    }

    @Test
    void who_takes_a_value_has_a_copy_of_its_own() {
        NamedQueue<int[]> queue = q.queue("arrays");
        int[] mine = {1, 2};

        queue.put(mine);
        mine[0] = 9;

        assertThat(queue.take()).containsExactly(1, 2);
    }

    @Test
    void what_is_large_or_nothing_is_refused() {
        NamedQueue<byte[]> queue = q.queue("large");

        assertThatThrownBy(() -> queue.put(new byte[1 << 20]))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.ARGUMENT_INVALID))
                .hasMessageContaining("scatter");
        assertThatThrownBy(() -> q.<Optional<String>>variable("v").set(nothing()))
                .hasMessageContaining("null for the variable 'v'");
        assertThatThrownBy(() -> q.lock("")).hasMessageContaining("0 characters");
        assertThatThrownBy(() -> q.latch("l", 0)).hasMessageContaining("give at least 1");
    }

    @SuppressWarnings("NullAway") // what is not to be given
    private static Optional<String> nothing() {
        return null;
    }

    @Test
    void a_variable_is_read_once_it_is_set() {
        NamedVariable<Double> rate = q.variable("rate");
        assertThat(rate.find()).isEmpty();
        assertThatThrownBy(() -> rate.get(SHORT))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
        QFuture<Double> early = q.submit(() -> Quiver.current().<Double>variable("rate").get());

        rate.set(0.5);

        assertThat(early.result()).isEqualTo(0.5);
        rate.set(0.25);
        assertThat(rate.get(LONG)).isEqualTo(0.25);
        rate.delete();
        assertThat(rate.find()).isEmpty();
    }

    @Test
    void a_latch_opens_when_all_have_counted_down() {
        NamedLatch latch = q.latch("loaded", 3);
        assertThat(latch.await(SHORT)).isFalse();

        q.gather(
                q.map(
                        i -> {
                            Quiver.current().latch("loaded", 3).countDown();
                            return i;
                        },
                        List.of(1, 2)));
        assertThat(latch.count()).isEqualTo(1);
        assertThat(latch.countDown(1)).isZero();

        latch.await();
        assertThatThrownBy(() -> q.latch("loaded", 4).await()).hasMessageContaining("of 3, not 4");
        latch.delete();
        assertThat(latch.count()).isEqualTo(3);
    }

    @Test
    void a_counter_is_added_to_by_all() {
        List<QFuture<Long>> all =
                q.map(n -> Quiver.current().counter("rows").add(n), List.of(1, 2, 3, 4));
        q.gather(all);

        assertThat(q.counter("rows").get()).isEqualTo(10);
        assertThat(q.counter("rows").set(3)).isEqualTo(10);
        assertThat(q.counter("rows").add(-4)).isEqualTo(-1);
    }

    @Test
    void what_is_published_reaches_all_who_have_subscribed() {
        NamedTopic<String> news = q.topic("news");
        news.publish("too early");

        try (Subscription<String> one = news.subscribe();
                Subscription<String> other = news.subscribe()) {
            q.run(() -> Quiver.current().topic("news").publish("a")).result();
            news.publish("b");

            assertThat(one.next()).isEqualTo("a");
            assertThat(one.next(LONG)).contains("b");
            assertThat(one.next(SHORT)).isEmpty();
            assertThat(other.next()).isEqualTo("a");
            assertThat(other.missed()).isZero();
        }
    }

    @Test
    void who_listens_no_more_is_told_so() {
        Subscription<String> subscription = q.<String>topic("news").subscribe();

        subscription.close();

        assertThatThrownBy(subscription::next)
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("subscribe again");
    }

    @Test
    void a_cancelled_task_neither_holds_nor_takes_anything() throws InterruptedException {
        NamedQueue<Integer> queue = q.queue("q");
        var inside = new CountDownLatch(1);
        QFuture<Integer> waiting =
                q.submit(() -> {
                    inside.countDown();
                    return Quiver.current().<Integer>queue("q").take();
                });
        inside.await();

        waiting.cancel();

        assertThatThrownBy(waiting::result).isInstanceOf(Cancelled.class);
        assertThat(q.submit(() -> 2).result()).isEqualTo(2); // its slot is free
        queue.put(7);
        assertThat(queue.take()).isEqualTo(7);
    }

    @Test
    void closing_the_session_ends_all_waiting() {
        Session other = Quiver.local(Options.defaults().slots(1).memory("16MB").quiet());
        CompletableFuture<Void> waiting =
                CompletableFuture.runAsync(() -> other.event("never").await());

        other.close();

        assertThatThrownBy(waiting::join).hasCauseInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> other.lock("l").acquire()).isInstanceOf(Unavailable.class);
    }

    @Test
    void thousands_wait_at_a_time() throws Exception {
        int count = 5_000;
        NamedEvent start = q.event("start");
        NamedLatch seen = q.latch("seen", count);
        List<Thread> threads =
                IntStream.range(0, count)
                        .mapToObj(_ ->
                                Thread.startVirtualThread(() -> {
                                    start.await();
                                    seen.countDown();
                                }))
                        .toList();

        start.set();

        seen.await();
        for (Thread thread : threads) thread.join();
    }
}
