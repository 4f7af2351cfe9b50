package dev.quiver.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Actor;
import dev.quiver.client.Hold;
import dev.quiver.client.NamedLock;
import dev.quiver.client.NamedQueue;
import dev.quiver.client.NamedVariable;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.client.Subscription;
import dev.quiver.dataframe.QFuture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What clients and tasks share under names on a cluster, when clients and the scheduler are
/// killed, too.
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CoordinationTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir private static Path directory;

    private ProcessCluster cluster;
    private Session q;

    record Page(String address, int depth) {}

    @BeforeAll
    void start() throws IOException {
        cluster = new ProcessCluster(Files.createDirectories(directory.resolve("cluster")), 1);
        q = cluster.connect();
    }

    @AfterAll
    void stop() {
        q.close();
        cluster.close();
    }

    interface Crawl {
        CompletableFuture<Integer> found(Page page);

        List<Page> pages();

        String read(Page page);
    }

    static final class Crawled implements Crawl {
        private final List<Page> pages = new ArrayList<>();

        @Override
        public CompletableFuture<Integer> found(Page page) {
            pages.add(page);
            return CompletableFuture.completedFuture(pages.size());
        }

        @Override
        public List<Page> pages() {
            return pages;
        }

        @Override
        public String read(Page page) {
            throw new IllegalArgumentException("no page " + page.address());
        }
    }

    @Test
    void an_actor_lives_on_a_worker_takes_calls_in_order_and_throws_at_its_caller()
            throws Exception {
        var large = new Page("x".repeat(300_000), 1);
        try (Actor<Crawl> crawl = q.actor(Crawl.class, Crawled::new)) {
            CompletableFuture<Integer> first = crawl.get().found(new Page("a", 0));
            CompletableFuture<Integer> second = crawl.get().found(large);

            assertThat(crawl.get().pages()).containsExactly(new Page("a", 0), large);
            assertThat(List.of(first.get(), second.get())).containsExactly(1, 2);
            assertThatThrownBy(() -> crawl.get().read(new Page("b", 0)))
                    .hasMessageContaining("the actor Crawl threw")
                    .hasRootCauseMessage("no page b");
        }
        assertThat(q.catalog().names()).isEmpty();
    }

    @Test
    void tasks_take_turns_and_lose_no_update() {
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
                        IntStream.range(0, 30).boxed().toList());
        q.gather(all);

        assertThat(q.<Integer>variable("sum").get()).isEqualTo(30);
    }

    @Test
    void more_tasks_than_slots_wait_for_what_another_task_does() {
        List<QFuture<Integer>> waiting =
                q.map(
                        n -> {
                            Session inside = Quiver.current();
                            inside.latch("waiting", 5).countDown();
                            inside.event("go").await();
                            return n;
                        },
                        List.of(1, 2, 3, 4, 5));
        q.latch("waiting", 5).await();

        q.run(() -> Quiver.current().event("go").set()).result();

        assertThat(q.gather(waiting)).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void values_of_its_classes_go_from_a_client_through_tasks_to_another_client() {
        NamedQueue<Page> in = q.queue("in", 2);
        QFuture<Long> deeper =
                q.submit(() -> {
                    Session inside = Quiver.current();
                    NamedQueue<Page> from = inside.queue("in", 2);
                    NamedQueue<Page> to = inside.queue("out");
                    for (int i = 0; i < 4; i++) {
                        Page page = from.take();
                        to.put(new Page(page.address(), page.depth() + 10));
                    }
                    return inside.counter("pages").add(4);
                });

        for (int i = 0; i < 4; i++) in.put(new Page("p", i));

        assertThat(deeper.result()).isEqualTo(4);
        try (Session other = cluster.connect()) {
            NamedQueue<Page> out = other.queue("out");
            for (int i = 0; i < 4; i++) assertThat(out.take()).isEqualTo(new Page("p", i + 10));
            assertThat(other.counter("pages").get()).isEqualTo(4);
        }
    }

    @Test
    void other_clients_hear_what_tasks_publish() {
        try (Session other = cluster.connect();
                Subscription<String> news = other.<String>topic("news").subscribe()) {
            q.run(() -> Quiver.current().topic("news").publish("a file has come")).result();

            assertThat(news.next(LONG)).contains("a file has come");
        }
    }

    @Test
    void what_a_session_held_is_free_when_it_is_closed() {
        Session other = cluster.connect();
        var _ = other.lock("closed").acquire();
        assertThat(q.lock("closed").tryAcquire()).isEmpty();

        other.close();

        try (Hold hold = q.lock("closed").tryAcquire(LONG).orElseThrow()) {
            assertThat(hold.token()).isPositive();
        }
    }

    @Scenario
    void what_a_killed_client_held_goes_to_the_next_with_a_greater_token() throws Exception {
        Process holder =
                Jvm.start(
                        LockHolder.class,
                        List.of(cluster.address(), "killed"),
                        directory.resolve("holder.log"));
        long token = q.<Long>variable("token").get(LONG);
        NamedLock lock = q.lock("killed");
        assertThat(lock.tryAcquire()).isEmpty();

        holder.destroyForcibly().waitFor();

        try (Hold hold = lock.tryAcquire(LONG).orElseThrow()) {
            assertThat(hold.token()).isGreaterThan(token);
        }
    }

    @Scenario
    void a_scheduler_that_is_started_again_knows_who_holds_and_what_is_queued() {
        NamedQueue<Page> queue = q.queue("kept");
        queue.put(new Page("a", 1));
        queue.put(new Page("b", 2));
        try (Session other = cluster.connect()) {
            CompletableFuture<Optional<Hold>> waiting;
            try (Hold hold = q.lock("kept").acquire()) {
                waiting = CompletableFuture.supplyAsync(() -> other.lock("kept").tryAcquire(LONG));

                cluster.restartScheduler();

                assertThat(q.lock("kept").tryAcquire()).isEmpty();
                assertThat(waiting).isNotDone();
                assertThat(hold.token()).isPositive();
            }
            try (Hold hold = waiting.join().orElseThrow()) {
                assertThat(q.lock("kept").isHeld()).isTrue();
                assertThat(hold.token()).isPositive();
            }
            NamedQueue<Page> there = other.queue("kept");
            assertThat(there.take()).isEqualTo(new Page("a", 1));
            assertThat(there.take()).isEqualTo(new Page("b", 2));
            assertThat(there.size()).isZero();
        }
    }

    @Test
    void what_is_large_is_refused_in_tasks_too() {
        QFuture<Void> large = q.run(() -> Quiver.current().queue("large").put(new byte[1 << 20]));

        assertThatThrownBy(large::result).rootCause().hasMessageContaining("scatter");
    }
}
