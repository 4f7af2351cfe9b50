package dev.quiver.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.error.QuiverException;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.operator.Closures;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.Inbox;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.scheduler.server.Dashboard;
import dev.quiver.scheduler.server.RunHistory;
import dev.quiver.scheduler.server.SchedulerShell;
import dev.quiver.scheduler.server.Watched;
import dev.quiver.scheduler.server.WorkerLink;
import dev.quiver.scheduler.state.SchedulerSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A scheduler that ran a task, or none, and what is kept of it.
final class RunArchiveTest {
    private static final String FACTS =
            """
            {"version":1,"name":"quiver-1","program":"Job.java","began":"%s","micros":5,
             "queries":1,"tasksEnded":2,"tasksFailed":0}\
            """;

    @TempDir private Path directory;

    private final LocalDashboard dashboard = new LocalDashboard();
    private final Queue<ClientMessage> saying = new ConcurrentLinkedQueue<>();
    private final SchedulerShell scheduler =
            new SchedulerShell(
                    SchedulerSettings.LOCAL,
                    new SayingClient(saying),
                    System::nanoTime,
                    _ -> {},
                    Inbox.Relief.NONE);

    private final class Worker implements WorkerLink {
        @Override
        public boolean tell(SchedulerMessage message) {
            if (message instanceof SchedulerMessage.TasksAssigned)
                scheduler.report(0, List.of(new WorkerMessage.Finished(1, 0, 1, 1, 1, 1)));
            return true;
        }

        @Override
        public void deliver() {}

        @Override
        public void dismiss() {}
    }

    private RunHistory history(long bytes) {
        return new RunHistory(directory.resolve("runs"), Duration.ofDays(30), bytes);
    }

    private Dashboard.Shown show(RunHistory history) {
        return dashboard.show(
                new Watched("a <b>", scheduler, List::of, _ -> List.of(), new Watched.Nobody()),
                history);
    }

    private void runTask() {
        var stage = Stage.builder(1, "scan", new Closures(_ -> _ -> List.of())).wanted().build();
        scheduler.join(0, 1, 1000, new Worker());
        saying.add(new ClientMessage.GraphSubmitted(1, TaskGraph.of(stage), false));
        scheduler.nudge();
        while (scheduler.ask(state -> state.outputCount()) == 0) Thread.onSpinWait();
    }

    /// A run of before, with a report of so many bytes.
    private Path kept(String id, Instant began, int bytes) throws IOException {
        Path run = Files.createDirectories(directory.resolve("runs").resolve(id));
        Files.writeString(run.resolve("run.json"), FACTS.formatted(began));
        Files.writeString(run.resolve("report.html"), "r".repeat(bytes));
        return run;
    }

    private List<String> ids() throws IOException {
        try (Stream<Path> entries = Files.list(directory.resolve("runs"))) {
            return entries.map(entry -> "" + entry.getFileName()).sorted().toList();
        }
    }

    private static HttpResponse<String> get(URI address) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void what_ran_is_kept_and_served_after_its_end_and_before_others() throws Exception {
        Dashboard.Shown shown = show(history(1 << 20));
        runTask();

        shown.keep();
        shown.close();

        try (Dashboard.Served served = dashboard.browse(history(1 << 20))) {
            String list = get(served.address().resolve("/api/v1/runs")).body();
            assertThat(list).contains("\"name\":\"a <b>\"", "\"tasksEnded\":1", "\"queries\":0");
            HttpResponse<String> report =
                    get(served.address().resolve("/api/v1/runs/" + ids().getFirst()));
            assertThat(report.body()).startsWith("<!doctype html>").contains("a &lt;b&gt;");
            assertThat(report.headers().firstValue("Content-Security-Policy"))
                    .hasValue("default-src 'none'; style-src 'unsafe-inline'");
        }
    }

    @Test
    void some_jobs_are_kept_as_runs_of_their_own() throws Exception {
        Dashboard.Shown shown = show(history(1 << 20));
        runTask();

        shown.keep("client 1", job -> job == 1);
        shown.keep("client 2", job -> job == 2);
        shown.keep("client 3", job -> job == 1);

        List<KeptRun> runs = new RunArchive(history(1)).runs();
        assertThat(runs).extracting(KeptRun::name).containsOnly("client 1", "client 3");
        assertThat(runs).extracting(KeptRun::tasksEnded).containsExactly(1L, 1L);
        assertThat(runs).extracting(KeptRun::program).containsOnly("");
        shown.close();
    }

    @Test
    void nothing_is_kept_of_a_scheduler_that_ran_nothing() {
        try (Dashboard.Shown shown = show(history(1 << 20))) {
            shown.keep();
        }

        assertThat(directory.resolve("runs")).doesNotExist();
    }

    @Test
    void runs_that_are_too_old_or_too_much_go_and_nothing_else_does() throws Exception {
        Instant now = Instant.now();
        kept("20200101T000000-7-1", now.minus(31, ChronoUnit.DAYS), 10);
        kept("20260101T000000-7-1", now.minus(2, ChronoUnit.HOURS), 400_000);
        Path lately = kept("20260101T010000-7-1", now.minus(1, ChronoUnit.HOURS), 100_000);
        kept("mine", now.minus(400, ChronoUnit.DAYS), 10);

        try (Dashboard.Shown shown = show(history(300_000))) {
            runTask();
            shown.keep();
        }

        assertThat(ids()).hasSize(3).contains("mine", "" + lately.getFileName());
    }

    @Test
    void a_run_that_cannot_be_read_is_left_out() throws Exception {
        kept("20260101T000000-7-1", Instant.now(), 10);
        Files.writeString(
                kept("20260101T000000-7-2", Instant.now(), 10).resolve("run.json"), "{\"name\":");

        List<KeptRun> runs = new RunArchive(history(1)).runs();

        assertThat(runs).extracting(KeptRun::id).containsExactly("20260101T000000-7-1");
    }

    @Test
    void only_reports_of_runs_are_served() throws Exception {
        Files.writeString(directory.resolve("report.html"), "secret");
        kept("20260101T000000-7-1", Instant.now(), 10);

        try (Dashboard.Served served = dashboard.browse(history(1))) {
            for (String id : List.of("..", "%2e%2e", "mine", "20260101T000000-7-1%2f..%2f.."))
                assertThat(get(served.address().resolve("/api/v1/runs/" + id)).body())
                        .doesNotContain("secret");
        }
    }

    @Test
    void a_directory_that_cannot_be_written_is_told() throws Exception {
        Files.writeString(directory.resolve("runs"), "a file");

        try (Dashboard.Shown shown = show(history(1 << 20))) {
            runTask();

            assertThatThrownBy(shown::keep)
                    .isInstanceOf(QuiverException.class)
                    .hasMessageContaining("what this run did can't be kept")
                    .hasMessageContaining("QUIVER_HISTORY=never");
        }
    }
}
