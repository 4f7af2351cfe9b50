package dev.quiver.cluster.fault;

import static dev.quiver.cluster.fault.CollectedRows.rows;
import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.DriverAnswer;
import dev.quiver.cluster.control.DriverPlan;
import dev.quiver.cluster.control.DriverQuestion;
import dev.quiver.cluster.control.PrintedLine;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.node.SchedulerDoors;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.QFuture;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A scheduler that is killed and started again goes on with its jobs.
@Timeout(180)
final class LostSchedulerTest {
    @TempDir private Path directory;

    private final long seed = Long.getLong("seed", new Random().nextInt(10_000));
    private final Random random = new Random(seed);
    private ProcessCluster cluster;
    private boolean done;

    @BeforeEach
    void start() throws IOException {
        System.out.println("LostSchedulerTest -Dseed=" + seed);
        cluster = new ProcessCluster(Files.createDirectories(directory.resolve("cluster")), 2);
    }

    @AfterEach
    void stop() {
        if (!done) System.out.println(cluster.logs());
        cluster.close();
    }

    @Test
    void tasks_go_on_and_none_runs_twice() throws Exception {
        List<Integer> items = IntStream.range(0, 100).boxed().toList();
        Path notes = directory.resolve("notes");
        try (Session q = cluster.connect()) {
            List<QFuture<Integer>> futures = q.map(new Noted(notes.toString()), items);
            Thread.sleep(random.nextInt(1500));

            cluster.restartScheduler();

            assertThat(q.gather(futures)).isEqualTo(items.stream().map(x -> x * x).toList());
            assertThat(q.submit(() -> "more").result()).isEqualTo("more");
        }
        assertThat(Files.readAllLines(notes).stream().map(Integer::valueOf).sorted())
                .isEqualTo(items);
        done = true;
    }

    private static String output(SchedulerDoors doors, String program) {
        var question = new DriverQuestion.Output(program, 0);
        var answer =
                (DriverAnswer.Output)
                        doors.ask(
                                        new Question.Drivers(question),
                                        Answer.Drivers.class,
                                        Duration.ofSeconds(30))
                                .answer();
        return answer.status().state()
                + answer.lines().stream().map(PrintedLine::text).toList().toString();
    }

    private static String awaitOutput(SchedulerDoors doors, String program, String text)
            throws InterruptedException {
        String seen = "";
        while (!seen.contains(text)) {
            try {
                seen = output(doors, program);
            } catch (QuiverException e) {
                seen = e.what(); // its worker hasn't told of it yet
            }
            Thread.sleep(50);
        }
        return seen;
    }

    @Test
    void a_submitted_program_goes_on() throws Exception {
        Path end = directory.resolve("end");
        var plan = new DriverPlan("ticking.jar", directory.toString(), List.of(end.toString()), 0);
        List<SchedulerAddress> places = SchedulerAddress.parseAll(cluster.address());
        try (var doors = new SchedulerDoors(places, Credentials.NONE)) {
            var submit = new DriverQuestion.Submit(plan, TickingProgram.jar());
            DriverAnswer submitted =
                    doors.ask(new Question.Drivers(submit), Answer.Drivers.class, Duration.ZERO)
                            .answer();
            assertThat(submitted).isEqualTo(new DriverAnswer.Submitted("ticking-1"));
            String early = awaitOutput(doors, "ticking-1", "tick 3");
            // What comes behind those lines comes once these were confirmed.
            var _ = awaitOutput(doors, "ticking-1", "tick " + (early.split("tick ").length - 1));

            cluster.restartScheduler();

            assertThat(awaitOutput(doors, "ticking-1", "tick "))
                    .startsWith("RUNNING")
                    .contains("another scheduler goes on")
                    .doesNotContain("tick 0,");
            Files.createFile(end);
            var _ = awaitOutput(doors, "ticking-1", "the end");
            var _ = awaitOutput(doors, "ticking-1", "DONE");
        }
        done = true;
    }

    record Order(long id, double amount, String kind) {}

    private static DataFrame slowly(Session session, Path orders) {
        return session.read()
                .csv(orders + "/*.csv")
                .as(Order.class)
                .map(
                        Order.class,
                        order -> {
                            if (order.id() % 50 == 0) Thread.sleep(10);
                            return new Order(order.id(), order.amount() * 2, order.kind());
                        })
                .df()
                .groupBy("kind")
                .agg(count().as("n"), col("amount").sum().as("sum"))
                .sort("kind");
    }

    @Test
    void a_query_goes_on() throws Exception {
        Path orders = Files.createDirectories(directory.resolve("orders"));
        for (int file = 0; file < 8; file++) {
            var lines = new ArrayList<String>(List.of("id,amount,kind"));
            for (int i = 0; i < 1_000; i++)
                lines.add("%d,%d.%02d,k%d".formatted(file * 1_000 + i, i % 50, i % 100, i % 7));
            Files.write(orders.resolve("part-" + file + ".csv"), lines);
        }
        List<String> expected;
        try (Session local = Quiver.local(Options.defaults().quiet())) {
            expected = rows(slowly(local, orders));
        }
        try (Session q = cluster.connect()) {
            CompletableFuture<List<String>> answer =
                    CompletableFuture.supplyAsync(() -> rows(slowly(q, orders)));
            Thread.sleep(random.nextInt(2000));

            cluster.restartScheduler();

            assertThat(answer.get()).isEqualTo(expected);
        }
        done = true;
    }
}
