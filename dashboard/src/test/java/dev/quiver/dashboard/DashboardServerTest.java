package dev.quiver.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.operator.Bytes;
import dev.quiver.operator.Closures;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.JobDescription;
import dev.quiver.protocol.ResourceUsage;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.scheduler.server.Dashboard;
import dev.quiver.scheduler.server.RunHistory;
import dev.quiver.scheduler.server.SchedulerShell;
import dev.quiver.scheduler.server.Watched;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A scheduler whose client and worker the test plays, and its dashboard, over HTTP.
final class DashboardServerTest {
    private static final ResourceUsage RESOURCES =
            new ResourceUsage(150, 1 << 20, 2 << 20, 30, 40, 50, 60);

    private static final String NAME = "scan <script>alert(1)</script>";

    private final LocalDashboard dashboard = new LocalDashboard();
    private final PlayedCluster played = new PlayedCluster();
    private final SchedulerShell scheduler = played.scheduler();
    private final HttpClient http = HttpClient.newHttpClient();
    private volatile List<Watched.WorkerUsage> usages =
            List.of(new Watched.WorkerUsage(0, "w\"0\"", "host:7", 2, 1, 10, 100, 7, RESOURCES));

    private final Watched.Registry registry =
            new Watched.Nobody() {
                @Override
                public String client(long client) {
                    return "client %d 'ann <b>'".formatted(client);
                }

                @Override
                public Optional<Watched.Departure> departure(int worker) {
                    return Optional.of(new Watched.Departure("w\"0\"", "killed by signal 9"));
                }

                @Override
                public List<Watched.KeptFrame> frames() {
                    return List.of(new Watched.KeptFrame("persisted-1", 3, 90, 900, 300));
                }
            };

    /// Of a scan, a filter and what ends the stage.
    private static final List<Long> FIGURES =
            List.of(100L, 1000L, 4_000_000L, 42L, 420L, 2_000_000L, 42L, 420L, 1_000_000L);

    private static final RunHistory NO_RUNS =
            new RunHistory(Path.of("target", "no-runs"), Duration.ofDays(1), 1);

    private Dashboard.Shown shown = show("one");

    private Dashboard.Shown show(String name) {
        return dashboard.show(
                new Watched(
                        name,
                        scheduler,
                        () -> usages,
                        stage -> stage == 1 ? FIGURES : List.of(),
                        registry),
                NO_RUNS);
    }

    @AfterEach
    void end() {
        shown.close();
        http.close();
    }

    private void say(ClientMessage message) {
        played.say(message);
    }

    private void work(WorkerMessage... messages) {
        played.work(messages);
    }

    /// A stage of four tasks: two done, one failed, one with the worker.
    private void run() {
        played.join();
        Stage stage =
                Stage.builder(1, NAME, new Closures(_ -> _ -> 1)).partitions(4).wanted().build();
        say(new ClientMessage.GraphSubmitted(1, new TaskGraph(List.of(stage)), false));
        var bad = new Failure(Failure.Kind.PERMANENT, "bad row 7 of \"flights\"", List.of(), 1);
        work(
                new WorkerMessage.Finished(1, 0, 1, 10, 100, 5_000_000),
                new WorkerMessage.Finished(1, 1, 1, 30, 300, 7_000_000),
                new WorkerMessage.Failed(1, 2, 1, bad));
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI at = shown.address().resolve(path);
        return http.send(HttpRequest.newBuilder(at).build(), HttpResponse.BodyHandlers.ofString());
    }

    private String body(String path) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    @Test
    void a_board_tells_how_far_stages_are() throws Exception {
        run();

        assertThat(body("/api/v1/boards")).isEqualTo("[{\"id\":1,\"name\":\"one\"}]");
        assertThat(body("/api/v1/boards/1"))
                .contains("\"name\":\"scan <script>alert(1)</script>\",\"total\":4")
                .contains("\"assigned\":1,\"finished\":2,\"dropped\":0,\"failed\":1,\"rows\":40")
                .contains("\"tasksEnded\":2,\"tasksFailed\":1")
                .contains("\"why\":\"bad row 7 of \\\"flights\\\"\"");
    }

    @Test
    void a_stage_that_the_scheduler_has_forgotten_stays_as_it_ended() throws Exception {
        run();
        work(new WorkerMessage.Finished(1, 3, 1, 2, 20, 1_000_000));
        say(new ClientMessage.JobReleased(1));

        assertThat(scheduler.<Integer>ask(state -> state.stages().size())).isZero();
        assertThat(body("/api/v1/boards/1"))
                .contains("\"assigned\":0,\"finished\":3,\"dropped\":0,\"failed\":1,\"rows\":42")
                .doesNotContain("\"untilMicros\":-1");
    }

    @Test
    void a_query_shows_what_its_steps_did_beside_what_was_expected() throws Exception {
        describe();
        run();
        work(new WorkerMessage.Finished(1, 3, 1, 2, 20, 1_000_000));

        assertThat(body("/api/v1/boards/1"))
                .contains("\"job\":1,\"title\":\"Filter[<b>]\",\"place\":\"Report.java:42\"")
                .contains("\"failure\":\"\"");
        assertThat(body("/api/v1/boards/1/jobs/1"))
                .contains("\"rules\":[\"FilterPushDown x2\"]")
                .contains(
                        "\"label\":\"filter <b>\",\"rowsExpected\":50,\"exact\":false,"
                                + "\"place\":\"<A>.java:4, 5\",\"rows\":42,"
                                + "\"bytes\":420,\"nanos\":2000000")
                .contains(
                        "\"partitions\":3,\"partitionRows\":{\"min\":2,\"median\":10,\"max\":30}");
        assertThat(body("/api/v1/boards/1/jobs/1.svg"))
                .contains(">filter &lt;b&gt;<", ">42 rows · expected about 50<", ">3 / 4<")
                .contains(">A.java:3<", ">&lt;A&gt;.java:4, 5<")
                .doesNotContain("<b>");
    }

    @Test
    void a_report_tells_all_in_one_file_that_does_nothing() throws Exception {
        describe();
        run();

        String report = body("/api/v1/boards/1/report");

        assertThat(report)
                .startsWith("<!doctype html>")
                .contains("Filter[&lt;b&gt;]", "Report.java:42", "bad row 7 of &quot;flights&quot;")
                .contains(
                        "scan &lt;script&gt;alert(1)&lt;/script&gt;",
                        "class=\"plan\"",
                        "class=\"tasks\"")
                .doesNotContain("<script", "<b>", "src=", "href=", "url(");
        assertThat(report.length()).isLessThan(2_000_000);
        assertThat(get("/api/v1/boards/1/report").headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"quiver-report.html\"");
        assertThat(shown.report()).contains("bad row 7 of &quot;flights&quot;");
    }

    @Test
    void a_report_of_some_jobs_leaves_the_others_out() throws Exception {
        describe();
        run();

        String one = shown.report("ann <b>", job -> job == 1);
        String none = shown.report("bob", job -> job == 2);

        assertThat(one)
                .contains("<h1>ann &lt;b&gt; – Quiver</h1>", "Report.java:42", "class=\"tasks\"")
                .contains("bad row 7 of &quot;flights&quot;");
        assertThat(none)
                .contains("<h1>bob – Quiver</h1>", "No query ran.")
                .doesNotContain("Report.java:42", "class=\"tasks\"", "bad row 7");
    }

    @Test
    void a_query_that_was_released_has_ended_and_one_that_is_not_known_is_not_found()
            throws Exception {
        describe();
        run();
        say(new ClientMessage.JobReleased(1));

        assertThat(body("/api/v1/boards/1"))
                .containsPattern("Report.java:42\",\"sinceMicros\":\\d+,\"untilMicros\":\\d+,");
        assertThat(get("/api/v1/boards/1/jobs/2").statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/boards/9/jobs/1").statusCode()).isEqualTo(404);
    }

    private void describe() {
        var steps =
                List.of(
                        new JobDescription.Step("scan a.csv", 100, true, "A.java:3"),
                        new JobDescription.Step("filter <b>", 50, false, "<A>.java:4, 5"),
                        new JobDescription.Step("collect", 50, false, ""));
        var stage = new JobDescription.StageSteps(1, List.of(), steps);
        say(
                new ClientMessage.JobDescribed(
                        1,
                        new JobDescription(
                                "Filter[<b>]",
                                "Report.java:42",
                                List.of("FilterPushDown x2"),
                                List.of(stage))));
    }

    @Test
    void a_task_tells_its_story() throws Exception {
        describe();
        run();

        assertThat(body("/api/v1/boards/1/tasks/1/1"))
                .contains("\"stageId\":1,\"partition\":1,\"stage\":\"scan <script>")
                .contains("{\"label\":\"filter <b>\",\"place\":\"<A>.java:4, 5\",\"failed\":false}")
                .contains("\"why\":\"finished; its output is on worker 0\"")
                .contains("\"durationMicros\":7000,\"rows\":30,\"bytes\":300")
                .contains("\"story\":[\"")
                .endsWith("\"output\":{\"attempt\":1,\"worker\":0,\"rows\":30,\"bytes\":300}}");
        assertThat(body("/api/v1/boards/1/tasks/1/2"))
                .contains("\"place\":\"<A>.java:4, 5\",\"failed\":true}")
                .contains("\"failed\":true", "\"why\":\"bad row 7 of \\\"flights\\\"\"}")
                .doesNotContain("\"output\"");
    }

    @Test
    void a_task_names_what_it_reads_also_when_the_scheduler_has_forgotten_it() throws Exception {
        var reads =
                new JobDescription.StageSteps(
                        2,
                        List.of(new JobDescription.Read(1, JobDescription.Way.ALL)),
                        List.of(new JobDescription.Step("sort", 10, false, "")));
        var scan =
                new JobDescription.StageSteps(
                        1, List.of(), List.of(new JobDescription.Step("scan", 10, false, "")));
        say(
                new ClientMessage.JobDescribed(
                        1,
                        new JobDescription("Sort", "A.java:1", List.of(), List.of(scan, reads))));
        played.join();
        Stage first = Stage.builder(1, NAME, new Closures(_ -> _ -> 1)).partitions(2).build();
        Stage last =
                Stage.builder(2, "sort", new Closures(_ -> _ -> 1))
                        .input(new Dependency.Broadcast(1))
                        .wanted()
                        .build();
        say(new ClientMessage.GraphSubmitted(1, new TaskGraph(List.of(first, last)), false));
        work(new WorkerMessage.Finished(1, 0, 1, 10, 100, 5_000_000));
        String inputs =
                "\"inputs\":[{\"stage\":1,\"name\":\"%s\",\"partition\":-1,\"tasks\":2,\"there\":%d,\"worker\":-1,\"rows\":%d,";

        assertThat(body("/api/v1/boards/1/tasks/2/0"))
                .contains("\"job\":1,\"title\":\"Sort\",\"steps\":[{", "\"why\":\"waits for ")
                .contains(inputs.formatted(NAME, 1, 10));
        work(new WorkerMessage.Finished(1, 1, 1, 10, 100, 5_000_000));
        work(new WorkerMessage.Finished(2, 0, 1, 10, 100, 5_000_000));
        say(new ClientMessage.JobReleased(1));
        assertThat(body("/api/v1/boards/1/tasks/2/0"))
                .contains("\"why\":\"ended, and forgotten by the scheduler")
                .contains(inputs.formatted(NAME, 2, 20));
        assertThat(body("/api/v1/boards/1/jobs/1/tasks"))
                .startsWith("[{\"stage\":")
                .contains("\"durationMicros\":5000");
    }

    @Test
    void workers_tell_what_they_do_hold_and_did() throws Exception {
        run();

        assertThat(body("/api/v1/boards/1/workers"))
                .contains("\"name\":\"w\\\"0\\\"\",\"slots\":2,\"running\":1,")
                .contains("\"cpuPercent\":150,\"heapBytes\":1048576,\"residentBytes\":2097152,")
                .contains("\"sentBytes\":30,\"receivedBytes\":40,\"spillWrittenBytes\":50,")
                .contains("\"place\":\"host:7\"")
                .contains("\"given\":1,\"yielded\":0")
                .contains("\"tasksEnded\":2,\"tasksFailed\":1,\"tasksPerSecond\":")
                .contains("\"outputs\":2,\"outputBytes\":400")
                .endsWith("\"gone\":[]}");
        assertThat(body("/api/v1/boards/1/workers/0"))
                .contains("\"present\":true,\"id\":0")
                .contains("\"tasks\":[{\"stage\":1,\"partition\":3,\"name\":\"scan <script>")
                .contains("\"outputs\":2,\"bytes\":400}]")
                .containsPattern("\"recent\":\\[\\{\"stage\":1,\"partition\":[012],");
        assertThat(get("/api/v1/boards/1/workers/5").statusCode()).isEqualTo(404);
    }

    @Test
    void memory_tells_what_is_held_for_whom_and_how_to_let_go() throws Exception {
        describe();
        run();

        assertThat(body("/api/v1/boards/1/memory"))
                .startsWith(
                        "{\"version\":1,\"whole\":true,\"usedBytes\":10,\"limitBytes\":100,\"spilledBytes\":7")
                .contains("\"owner\":\"client 0 'ann <b>'\",\"outputs\":2,\"bytes\":400}")
                .contains(
                        "\"what\":\"persisted-1\",\"stage\":-1,\"owner\":\"\",\"published\":\"\",\"outputs\":3,\"workers\":[],\"bytes\":900,\"spilledBytes\":300")
                .contains("\"job\":1,\"title\":\"Filter[<b>]\"", "\"workers\":[0],\"bytes\":400")
                .contains("Goes when its query has ended")
                .endsWith("\"others\":0,\"otherBytes\":0}");
        say(new ClientMessage.JobPublished(1, "delays", Bytes.of(new byte[0])));
        await("\"published\":\"delays\"");
        assertThat(body("/api/v1/boards/1/memory")).contains("unpublish(\\\"delays\\\")");
    }

    /// What is held may be a second old.
    private void await(String part) throws Exception {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!body("/api/v1/boards/1/memory").contains(part)) {
            assertThat(System.nanoTime()).as("waited for " + part).isLessThan(end);
            Thread.sleep(50);
        }
    }

    @Test
    void events_tell_in_sentences_what_happened_and_go_on_behind_a_number() throws Exception {
        describe();
        run();
        scheduler.lost(0);
        scheduler.ask(_ -> true);

        String all = body("/api/v1/boards/1/events");
        Matcher last = Pattern.compile("\"last\":(\\d+),").matcher(all);

        assertThat(all)
                .contains("\"level\":\"info\",\"text\":\"w\\\"0\\\" joined, with 2 slots.\"")
                .contains("\"text\":\"Query 'Filter[<b>]' of Report.java:42 began.\"")
                .contains(
                        "\"level\":\"warning\",\"text\":\"Attempt 1 at task 1/2 of '"
                                + NAME
                                + "' failed on w\\\"0\\\": bad row 7 of"
                                + " \\\"flights\\\"\",\"stage\":1,\"partition\":2,\"worker\":0")
                .contains("\"level\":\"error\",\"text\":\"Task 1/2 of '")
                .contains("\"text\":\"w\\\"0\\\" has gone: killed by signal 9.\"");
        assertThat(last.find()).isTrue();
        assertThat(body("/api/v1/boards/1/events/" + last.group(1))).endsWith("\"events\":[]}");
    }

    @Test
    void a_worker_that_has_gone_tells_why_and_what_it_did() throws Exception {
        run();
        usages = List.of();
        scheduler.lost(0);
        scheduler.ask(_ -> true);

        assertThat(body("/api/v1/boards/1/workers"))
                .contains("\"workers\":[],\"gone\":[{\"id\":0,\"name\":\"w\\\"0\\\"\"")
                .contains("\"why\":\"killed by signal 9\"", "\"tasksEnded\":2,\"tasksFailed\":1");
        assertThat(body("/api/v1/boards/1/workers/0"))
                .contains("\"present\":false", "\"why\":\"killed by signal 9\"")
                .contains("\"tasks\":[],\"held\":[],\"recent\":[{");
    }

    @Test
    void metrics_are_in_the_text_format_of_prometheus() throws Exception {
        run();

        assertThat(body("/metrics"))
                .contains("# TYPE quiver_tasks_ended_total counter\n")
                .contains("quiver_tasks_ended_total{scheduler=\"one\"} 2\n")
                .contains("quiver_tasks{scheduler=\"one\",state=\"assigned\"} 1\n")
                .contains(
                        "quiver_worker_spilled_bytes{scheduler=\"one\",worker=\"w\\\"0\\\"\"} 7\n",
                        "quiver_worker_cpu_percent{scheduler=\"one\",worker=\"w\\\"0\\\"\"} 150\n",
                        "# TYPE quiver_worker_sent_bytes_total counter\n",
                        "quiver_worker_spill_read_bytes_total{scheduler=\"one\",worker=\"w\\\"0\\\"\"}"
                            + " 60\n");
        assertThat(body("/health")).isEqualTo("ok\n");
    }

    @Test
    void the_stream_begins_with_all_that_is_known_and_goes_on_with_what_happens() throws Exception {
        run();
        var response =
                http.send(
                        HttpRequest.newBuilder(shown.address().resolve("/api/v1/boards/1/stream"))
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            var in = new DataInputStream(body);

            ByteBuffer board = frame(in);
            ByteBuffer snapshot = frame(in);
            work(new WorkerMessage.Finished(1, 3, 1, 2, 20, 1_000_000));
            ByteBuffer next = frame(in);
            while (next.getInt(0) != LiveStream.TASKS) next = frame(in);

            assertThat(board.getInt(0)).isEqualTo(LiveStream.BOARD);
            assertThat(new String(board.array(), 12, board.limit() - 12, StandardCharsets.UTF_8))
                    .contains("\"name\":\"one\"");
            assertThat(snapshot.getInt(0)).isEqualTo(LiveStream.SNAPSHOT);
            assertThat(snapshot.getInt(8)).isEqualTo(3);
            assertThat(next.getInt(8)).isOne();
            assertThat(next.getShort(20)).as("index of the stage").isZero();
            assertThat(next.getInt(24)).as("partition").isEqualTo(3);
            assertThat(next.getInt(32)).as("microseconds").isEqualTo(1_000);
        }
    }

    @Test
    void a_failure_is_told_once_to_each_page() throws Exception {
        run();
        for (int page = 0; page < 2; page++) {
            var response =
                    http.send(
                            HttpRequest.newBuilder(
                                            shown.address().resolve("/api/v1/boards/1/stream"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                var in = new DataInputStream(body);
                var told = new StringBuilder(board(frame(in)));

                String change = "";
                for (int i = 1; change.isEmpty(); i++) {
                    ByteBuffer next = frame(in);
                    if (next.getInt(0) == LiveStream.BOARD) change = board(next);
                    else submit(100 * (page + 1) + i);
                }
                told.append(change);

                assertThat(told.toString().split("bad row 7", -1)).hasSize(2);
            }
        }
    }

    /// A job of one stage, both of this number.
    private void submit(int number) {
        Stage stage = Stage.builder(number, NAME, new Closures(_ -> _ -> 1)).wanted().build();
        say(new ClientMessage.GraphSubmitted(number, new TaskGraph(List.of(stage)), false));
    }

    private static String board(ByteBuffer frame) {
        assertThat(frame.getInt(0)).isEqualTo(LiveStream.BOARD);
        return new String(frame.array(), 12, frame.limit() - 12, StandardCharsets.UTF_8);
    }

    /// What follows the length.
    private static ByteBuffer frame(DataInputStream in) throws IOException {
        int length = Integer.reverseBytes(in.readInt());
        return ByteBuffer.wrap(in.readNBytes(length)).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void a_page_comes_with_headers_that_let_it_load_nothing_from_elsewhere() throws Exception {
        for (String path : List.of("/", "/app.js", "/app.css", "/icon.svg", "/uPlot.iife.min.js")) {
            HttpResponse<String> page = get(path);

            assertThat(page.statusCode()).as(path).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .startsWith("default-src 'none'; script-src 'self'");
        }
        assertThat(get("/").body()).doesNotContain("http://", "https://", "<script>", "style=");
    }

    /// The page and all that it loads.
    private List<String> files(String page) throws Exception {
        var files = new LinkedHashSet<String>(List.of("/"));
        Matcher named = Pattern.compile("(?:src|href)=\"(/[^\"]+)\"").matcher(page);
        while (named.find()) files.add(named.group(1));
        var scripts = new ArrayDeque<String>(List.of("/app.js"));
        while (!scripts.isEmpty()) {
            Matcher imported =
                    Pattern.compile("from '\\.(/\\w+\\.js)'").matcher(body(scripts.poll()));
            while (imported.find())
                if (files.add(imported.group(1))) scripts.add(imported.group(1));
        }
        return List.copyOf(files);
    }

    @Test
    void all_files_of_the_page_are_small() throws Exception {
        var sizes = new ArrayList<Integer>();
        for (String path : files(body("/"))) sizes.add(body(path).length());

        assertThat(sizes).hasSizeGreaterThan(10);
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isLessThan(200_000);
    }

    @Test
    void no_program_is_kept_from_ending() {
        shown.address();

        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("HTTP-Dispatcher"))
                .isNotEmpty()
                .allMatch(Thread::isDaemon);
    }

    @Test
    void what_asks_wrongly_is_turned_away() throws Exception {
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
        assertThat(get("/../pom.xml").statusCode()).isEqualTo(404);
        assertThat(get("/%2e%2e/pom.xml").statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/boards/99").statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/boards/99999999999").statusCode()).isEqualTo(400);
        assertThat(get("/api/v1/boards/1/tasks/1/-1").statusCode()).isEqualTo(400);
        assertThat(get("/api/v1/boards/1/tasks/77/0").statusCode()).isEqualTo(200);
        var post =
                HttpRequest.newBuilder(shown.address())
                        .POST(HttpRequest.BodyPublishers.ofString("x"))
                        .build();
        assertThat(http.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
        assertThat(answerTo("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
                .startsWith("HTTP/1.1 403");
        assertThat(answerTo("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403");
    }

    private String answerTo(String request) throws IOException {
        try (var socket = new Socket(shown.address().getHost(), shown.address().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var answer = new byte[12];
            int read = socket.getInputStream().readNBytes(answer, 0, answer.length);
            return new String(answer, 0, read, StandardCharsets.US_ASCII);
        }
    }

    @Test
    void schedulers_of_one_process_share_a_server_that_ends_with_the_last_of_them()
            throws Exception {
        URI first = shown.address();
        try (Dashboard.Shown second = show("two")) {
            assertThat(second.address()).isEqualTo(first);
            assertThat(body("/api/v1/boards"))
                    .isEqualTo("[{\"id\":2,\"name\":\"two\"},{\"id\":1,\"name\":\"one\"}]");
        }

        assertThat(body("/api/v1/boards")).contains("one").doesNotContain("two");
        shown.close();
        assertThat(isListening(first)).isFalse();
        shown = show("three");
    }

    private static boolean isListening(URI address) {
        try (var _ = new Socket(address.getHost(), address.getPort())) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
