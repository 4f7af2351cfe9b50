package dev.quiver.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.quiver.dataframe.QFuture;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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

    @Scenario
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

    @Scenario
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

    @Scenario
    void a_query_goes_on() throws Exception {
        var query = SlowQuery.in(directory);
        try (Session q = cluster.connect()) {
            var answer = CompletableFuture.supplyAsync(() -> query.rows(q));
            Thread.sleep(random.nextInt(2000));

            cluster.restartScheduler();

            assertThat(answer.get()).isEqualTo(query.expected());
        }
        done = true;
    }
}
