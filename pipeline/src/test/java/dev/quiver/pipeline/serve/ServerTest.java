package dev.quiver.pipeline.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.pipeline.Load;
import dev.quiver.pipeline.Pipeline;
import dev.quiver.pipeline.RunEnd;
import dev.quiver.pipeline.alert.Alert;
import dev.quiver.pipeline.alert.AlertChannel;
import dev.quiver.pipeline.alert.AlertMessage;
import dev.quiver.pipeline.history.History;
import dev.quiver.pipeline.history.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server runs what is due, survives what its pipelines do, and goes on where an earlier one was.
final class ServerTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration SECONDS_MAX = Duration.ofSeconds(60);
    private static Session q;

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final CopyOnWriteArrayList<AlertMessage> told = new CopyOnWriteArrayList<>();

    @TempDir private Path directory;

    @BeforeAll
    static void open() {
        q = Quiver.local(Options.defaults().slots(1).quiet());
    }

    @AfterAll
    static void close() {
        q.close();
    }

    private Pipeline pipeline(String name) {
        Path csv = directory.resolve("orders.csv");
        try {
            if (!Files.exists(csv)) Files.writeString(csv, "id,amount\n" + "1,10\n".repeat(3_000));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return Pipeline.named(name)
                .ledger(ledger(name))
                .extract(read -> read.chunkBytes("4KB").csv(csv.toString()))
                .load(Load.parquet(directory.resolve("out-" + name).toString()).overwrite());
    }

    private String ledger(String name) {
        return directory.resolve("ledgers/" + name).toString();
    }

    private List<RunRecord> history(String name) {
        return History.of(ledger(name)).reversed();
    }

    private Server start(Served served) {
        InstantSource clock = now::get;
        AlertChannel kept =
                new AlertChannel() {
                    @Override
                    public void send(AlertMessage message) {
                        told.add(message);
                    }

                    @Override
                    public String name() {
                        return "a list";
                    }
                };
        return served.state(directory.resolve("serve").toString())
                .alertBy(kept)
                .start(q, new Surroundings(clock, Duration.ofMillis(5)));
    }

    private static void await(BooleanSupplier fact) throws InterruptedException {
        long until = System.nanoTime() + SECONDS_MAX.toNanos();
        while (!fact.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(until);
            Thread.sleep(5);
        }
    }

    private static boolean hasEnded(Server server, String name, String run) {
        for (PipelineStatus one : server.status())
            if (one.pipeline().equals(name))
                return one.run().isEmpty()
                        && one.last().filter(end -> end.start().run().equals(run)).isPresent();
        return false;
    }

    @Test
    void it_runs_what_is_due_and_what_comes_behind() throws Exception {
        Served served =
                Served.of(pipeline("orders"), Schedule.cron("0 * * * *", ZoneId.of("UTC")))
                        .and(pipeline("sums").after("orders"));
        try (Server server = start(served)) {
            Thread.sleep(50);
            assertThat(server.status().getFirst().last()).isEmpty();
            now.set(NOON.plusSeconds(3600));
            await(() -> hasEnded(server, "sums", "sums-1"));
            assertThat(server.status().getFirst().next()).contains(NOON.plusSeconds(7200));
        }

        assertThat(history("orders"))
                .singleElement()
                .satisfies(run -> {
                    assertThat(run.last().trigger()).isEqualTo("0 * * * * UTC");
                    assertThat(run.last().rowsLoaded()).isEqualTo(3_000);
                });
        assertThat(history("sums").getFirst().last().trigger()).isEqualTo("after orders");
    }

    @Test
    void a_pipeline_that_breaks_is_told_about_once_and_the_others_go_on() throws Exception {
        var broken = new AtomicReference<>(true);
        Pipeline bad =
                pipeline("bad")
                        .transform(df -> {
                            if (broken.get()) throw new StackOverflowError("deep");
                            return df;
                        });
        Served served =
                Served.of(
                                bad.load(Load.csv(directory.resolve("csv").toString()).overwrite()),
                                Schedule.every(Duration.ofSeconds(10)))
                        .and(pipeline("good"), Schedule.every(Duration.ofSeconds(10)));
        try (Server server = start(served)) {
            for (int i = 1; i <= 2; i++) {
                String run = "good-" + i;
                await(() -> hasEnded(server, "good", run));
                await(() -> server.status().getFirst().run().isEmpty());
                now.set(NOON.plusSeconds(10 * i));
            }
            await(() -> hasEnded(server, "good", "good-3"));
            await(() -> told.size() == 1);
            broken.set(false);
            now.set(NOON.plusSeconds(40));
            await(() -> told.size() == 2);
        }

        assertThat(told.getFirst().title()).isEqualTo("bad: failed");
        assertThat(told.getLast().title()).isEqualTo("bad: no longer failed");
    }

    @Test
    void it_stops_behind_a_unit_and_the_next_one_goes_on() throws Exception {
        var reached = new CountDownLatch(1);
        var waits = new CountDownLatch(1);
        Pipeline slow =
                pipeline("slow")
                        .troubled((_, unit) -> {
                            if (unit == 0) return;
                            reached.countDown();
                            awaitQuietly(waits);
                        });
        Server first = start(Served.of(slow, Schedule.every(Duration.ofHours(1))));
        reached.await();
        Thread closing = Thread.ofPlatform().start(first::close);
        while (closing.getState() == Thread.State.RUNNABLE) Thread.sleep(1);
        waits.countDown();
        closing.join();
        assertThat(history("slow").getFirst().state()).isEqualTo(RunRecord.State.STOPPED);

        try (Server second =
                start(Served.of(pipeline("slow"), Schedule.every(Duration.ofHours(1))))) {
            await(() -> hasEnded(second, "slow", "slow-1"));
        }
        RunRecord run = history("slow").getFirst();
        assertThat(run.state()).isEqualTo(RunRecord.State.DONE);
        assertThat(run.attempts()).hasSize(2);
        assertThat(run.attempts().getFirst().unitsDone()).isPositive();
        assertThat(history("slow")).hasSize(1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void what_ended_before_the_server_was_killed_doesnt_run_again() throws Exception {
        pipeline("orders").run(q);
        Path state = Files.createDirectories(directory.resolve("serve"));
        Memo killed = Memo.NONE.with(new Firing(NOON, "by test").begun(0)).withLast(NOON);
        new MemoFile(state.resolve("orders.json")).write(killed.object());

        Served served =
                Served.of(pipeline("orders"), Schedule.cron("0 * * * *", ZoneId.of("UTC")))
                        .and(pipeline("sums").after("orders"));
        try (Server server = start(served)) {
            await(() -> hasEnded(server, "sums", "sums-1"));
        }

        assertThat(history("orders")).hasSize(1);
    }

    @Test
    void an_unfinished_run_goes_on_at_the_start() throws Exception {
        Pipeline broken =
                pipeline("orders")
                        .troubled((_, unit) -> {
                            if (unit == 3) throw new IllegalStateException("gone");
                        });
        assertThatThrownBy(() -> broken.run(q)).hasMessageContaining("gone");

        try (Server server =
                start(
                        Served.of(
                                pipeline("orders"),
                                Schedule.cron("0 0 1 1 *", ZoneId.of("UTC"))))) {
            await(() -> hasEnded(server, "orders", "orders-1"));
        }

        assertThat(history("orders").getFirst().last().trigger()).isEqualTo("goes on");
    }

    @Test
    void files_that_come_are_loaded_when_they_are_whole() throws Exception {
        Path in = Files.createDirectories(directory.resolve("in"));
        Pipeline arriving =
                Pipeline.named("arriving")
                        .ledger(ledger("arriving"))
                        .extract(read -> read.csv(in + "/*.csv"))
                        .load(Load.parquet(directory.resolve("arrived").toString()))
                        .onlyNew();
        Served served =
                Served.of(arriving, Schedule.onArrival(in + "/*.csv", Duration.ofSeconds(1)));
        try (Server server = start(served)) {
            Thread.sleep(50);
            Files.writeString(in.resolve("a.csv"), "id\n1\n2\n");
            for (int i = 1; i <= 3 && server.status().getFirst().last().isEmpty(); i++) {
                now.set(NOON.plusSeconds(2L * i));
                Thread.sleep(100);
            }
            await(() -> hasEnded(server, "arriving", "arriving-1"));
            Files.writeString(in.resolve("b.csv"), "id\n3\n");
            for (int i = 4; i <= 6; i++) {
                now.set(NOON.plusSeconds(2L * i));
                Thread.sleep(100);
            }
            await(() -> hasEnded(server, "arriving", "arriving-2"));
        }

        assertThat(history("arriving"))
                .hasSize(2)
                .allSatisfy(run -> assertThat(run.last().trigger()).isEqualTo("1 file came"));
        assertThat(q.read().parquet(directory.resolve("arrived") + "/").count()).isEqualTo(3);
    }

    @Test
    void a_run_gets_parameters_that_follow_from_its_time() throws Exception {
        Schedule schedule =
                Schedule.cron("0 * * * *", ZoneId.of("UTC"))
                        .missed(Missed.ALL)
                        .parameter("hour", due -> "" + due.getHour());
        try (Server _ = start(Served.of(pipeline("orders"), schedule))) {
            Thread.sleep(50);
        }
        now.set(NOON.plusSeconds(2 * 3600 + 600));
        try (Server server = start(Served.of(pipeline("orders"), schedule))) {
            await(() -> hasEnded(server, "orders", "orders-2"));
        }

        assertThat(history("orders"))
                .extracting(run -> run.last().parameters())
                .containsExactly(
                        new java.util.TreeMap<>(Map.of("hour", "13")),
                        new java.util.TreeMap<>(Map.of("hour", "14")));
    }

    @Test
    void lateness_is_told_and_is_over_when_a_run_ends() throws Exception {
        var waits = new CountDownLatch(1);
        Pipeline slow =
                pipeline("slow")
                        .troubled((_, unit) -> {
                            if (unit > 0) awaitQuietly(waits);
                        });
        Schedule schedule = Schedule.every(Duration.ofHours(2));
        Served served = Served.of(slow, schedule, Alert.late(Duration.ofMinutes(30)));
        try (Server server = start(served)) {
            await(() -> server.status().getFirst().run().isPresent());
            now.set(NOON.plusSeconds(1700));
            Thread.sleep(50);
            assertThat(told).isEmpty();
            now.set(NOON.plusSeconds(1900));
            await(() -> told.size() == 1);
            waits.countDown();
            await(() -> told.size() == 2);
        }

        assertThat(told.getFirst().title()).isEqualTo("slow: late");
        assertThat(told.getFirst().what()).contains("has not ended, due at 2026-06-01T12:00:00Z");
        assertThat(told.getLast().recovered()).isTrue();
    }

    @Test
    void two_servers_dont_share_a_directory() {
        Served served = Served.of(pipeline("a"), Schedule.every(Duration.ofHours(1)));
        try (Server _ = start(served)) {
            assertThatThrownBy(() -> start(served))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("another server uses");
        }
    }

    @Test
    void what_could_never_run_is_refused() {
        Schedule hourly = Schedule.every(Duration.ofHours(1));
        Served one = Served.of(pipeline("a"), hourly);

        assertThatThrownBy(() -> one.and(pipeline("b")))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("pipeline 'b' would never run");
        assertThatThrownBy(() -> start(one.and(pipeline("b").after("aa"))))
                .hasMessageContaining("runs after 'aa', which isn't served")
                .hasMessageContaining("did you mean 'a'?");
        assertThatThrownBy(() -> start(one.and(pipeline("a"), hourly)))
                .hasMessageContaining("two pipelines are called 'a'");
        assertThatThrownBy(() ->
                        start(
                                Served.of(pipeline("a").after("b"), hourly)
                                        .and(pipeline("b").after("a"))))
                .hasMessageContaining("wait for each other: a → b → a");
        assertThatThrownBy(() -> start(Served.of(pipeline("a"), hourly, Alert.onDrift())))
                .hasMessageContaining("an alert on drift of pipeline 'a', which doesn't look")
                .hasMessageContaining("say drift() of the pipeline");
    }

    @Test
    void a_pipeline_that_somebody_else_runs_fails_for_now() throws Exception {
        var inside = new CountDownLatch(1);
        var waits = new CountDownLatch(1);
        Pipeline held =
                pipeline("held")
                        .troubled((_, unit) -> {
                            if (unit == 0) return;
                            inside.countDown();
                            awaitQuietly(waits);
                        });
        Thread other = Thread.ofPlatform().start(() -> held.run(q));
        inside.await();
        try (Server server =
                start(Served.of(pipeline("held"), Schedule.every(Duration.ofSeconds(10))))) {
            await(() -> told.size() == 1);
            waits.countDown();
            other.join();
            now.set(NOON.plusSeconds(10));
            await(() -> hasEnded(server, "held", "held-2"));
            Optional<RunEnd> last = server.status().getFirst().last();
            assertThat(last.orElseThrow().state()).isEqualTo(RunEnd.State.DONE);
        }
        assertThat(told.getFirst().what()).contains("is running in this process");
    }
}
