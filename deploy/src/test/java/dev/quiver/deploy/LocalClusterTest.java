package dev.quiver.deploy;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.node.SchedulerClientPort;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.Gate;
import dev.quiver.dataframe.QFuture;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.pipeline.Load;
import dev.quiver.pipeline.Pipeline;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `quiver cluster up` with all that makes it like a large one.
@Timeout(120)
final class LocalClusterTest {
    @TempDir private Path directory;

    @TempDir private static Path runs;

    private static ClusterProcess cluster;
    private static String address;

    @BeforeAll
    static void start() throws Exception {
        cluster =
                ClusterProcess.up(
                        Map.of("QUIVER_HISTORY_DIRECTORY", "" + runs),
                        "--schedulers",
                        "3",
                        "--workers",
                        "1..2",
                        "--target",
                        "300ms",
                        "--port",
                        "48886",
                        "--memory",
                        "128MB");
        address = cluster.read(ClusterProcess.ADDRESS);
    }

    @AfterAll
    static void stop() throws Exception {
        try (ClusterProcess ended = cluster) {
            List<ProcessHandle> children = ended.process().descendants().toList();

            ended.process().destroy(); // as Ctrl-C does

            assertThat(ended.process().waitFor(Duration.ofSeconds(60))).isTrue();
            assertThat(ended.process().exitValue()).isZero();
            for (ProcessHandle child : children)
                assertThat(child.onExit().orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(child);
        }
    }

    /// The place of the active one of three.
    private static SchedulerAddress active() throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            for (SchedulerAddress place : SchedulerAddress.parseAll(address)) {
                try (var port = new SchedulerClientPort(place, Credentials.NONE)) {
                    var _ = port.ask(new Question.Usage(), Answer.Usage.class);
                    return place;
                } catch (QuiverException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                    Thread.sleep(50);
                }
            }
        }
        throw new AssertionError("no scheduler is active");
    }

    /// The process of the scheduler there.
    private static ProcessHandle process(SchedulerAddress place) {
        return cluster.process()
                .children()
                .filter(child ->
                        commandLine(child).contains("\0--port\0%d\0".formatted(place.port())))
                .findFirst()
                .orElseThrow();
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/%d/cmdline".formatted(process.pid())));
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    private static String awaitStatus(String wanted) throws InterruptedException {
        String status = "";
        for (int i = 0; i < 300; i++) {
            status = ClusterText.status(SchedulerAddress.parseAll(address));
            if (Pattern.compile(wanted).matcher(status).find()) return status;
            Thread.sleep(100);
        }
        throw new AssertionError("never '%s':%n%s".formatted(wanted, status));
    }

    /// Takes a while, is noted, and gives more than a report carries.
    private record Slowly(String notes) implements Fn<Integer, String> {
        @Override
        public String apply(Integer item) throws Exception {
            Thread.sleep(100);
            Files.writeString(
                    Path.of(notes),
                    item + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            return item + "x".repeat(5_000);
        }
    }

    @Test
    @Tag("nightly")
    void another_scheduler_goes_on_when_the_active_one_is_killed() throws Exception {
        Path notes = directory.resolve("notes");
        List<Integer> items = IntStream.range(0, 20).boxed().toList();
        SchedulerAddress victim = active();
        ProcessHandle killed = process(victim);
        try (Session q = Quiver.connect(address, Options.defaults().quiet())) {
            List<QFuture<String>> futures = q.map(new Slowly(notes.toString()), items);
            while (Files.notExists(notes)) Thread.sleep(10);

            killed.destroyForcibly();

            assertThat(q.gather(futures))
                    .isEqualTo(items.stream().map(i -> i + "x".repeat(5_000)).toList());
            assertThat(Files.readAllLines(notes).stream().map(Integer::valueOf).sorted())
                    .isEqualTo(items);
            assertThat(active()).isNotEqualTo(victim);
        }
        cluster.read(Pattern.compile("scheduler-\\d ended: signal 9.*it is started again"));
    }

    private record Bird(String name) {}

    @Test
    void a_session_knows_where_its_cluster_is_shown_and_reports_what_it_did_itself()
            throws Exception {
        Path file = directory.resolve("report.html");
        try (Session q = Quiver.connect(address, Options.defaults().quiet());
                Session other = Quiver.connect(address, Options.defaults().quiet())) {
            long two = q.of(Bird.class, List.of(new Bird("owl"), new Bird("wren"))).count();
            long one = other.of(Bird.class, List.of(new Bird("kite"))).count();

            q.report(file);
            URI page = q.dashboard();

            assertThat(List.of(two, one)).containsExactly(2L, 1L);
            assertThat(Files.readString(file))
                    .contains("<h1>client ")
                    .containsOnlyOnce("<summary>")
                    .contains("<dt>queries</dt><dd>1</dd>");
            assertThat(body(page.resolve("/api/v1/boards/1"))).contains("\"jobs\"");
        }
    }

    /// The report of a run that has a word in it, once there is one.
    private static String kept(URI page, String word) throws Exception {
        Pattern id = Pattern.compile("(?<=\"id\":\")[^\"]+");
        for (int i = 0; i < 200; i++) {
            String runs = body(page.resolve("/api/v1/runs"));
            for (MatchResult run : id.matcher(runs).results().toList()) {
                String report = body(page.resolve("/api/v1/runs/" + run.group()));
                if (report.contains(word)) return report;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("no run was kept with " + word);
    }

    @Test
    void what_a_session_did_can_be_read_when_it_has_gone() throws Exception {
        URI page;
        try (Session q = Quiver.connect(address, Options.defaults().quiet())) {
            page = q.dashboard();
            q.of(Bird.class, List.of(new Bird("heron"))).filter(col("name").eq("heron")).count();
        }

        String report = kept(page, "heron");

        assertThat(report).contains("<h1>client ", "LocalClusterTest.java:", "heron");
    }

    @Test
    void the_dashboard_shows_pipelines_that_clients_run() throws Exception {
        Path csv =
                Files.writeString(directory.resolve("birds.csv"), "id,name\n1,owl\n2,\n3,kite\n");
        try (Session q = Quiver.connect(address, Options.defaults().quiet())) {
            Pipeline.named("birds-of-the-cluster")
                    .ledger(directory.resolve("ledger").toString())
                    .extract(read -> read.csv(csv.toString()))
                    .gate(
                            Gate.rules()
                                    .notNull("name")
                                    .named("has a name")
                                    .quarantine(directory.resolve("bad").toString()))
                    .load(Load.parquet(directory.resolve("out").toString()))
                    .run(q);

            URI pipelines = q.dashboard().resolve("/api/v1/pipelines");
            String all = body(pipelines);
            String one = body(q.dashboard().resolve("/api/v1/pipelines/birds-of-the-cluster"));

            assertThat(all).contains("\"pipeline\":\"birds-of-the-cluster\",\"client\":\"client ");
            assertThat(one)
                    .contains("\"state\":\"done\"", "\"step\":\"load parquet", "\"unitsDone\":1")
                    .contains("\"rules\":[{\"rule\":\"has a name\",\"rows\":1}]", "\"raw\":\"2,")
                    .contains("\"history\":[{");
        }
    }

    @Test
    void the_dashboard_shows_what_clients_have_published() throws Exception {
        try (Session q = Quiver.connect(address, Options.defaults().quiet())) {
            DataFrame birds = q.of(Bird.class, List.of(new Bird("owl"), new Bird("kite")));
            DataFrame published = birds.publish("birds of prey");
            q.publish("a rate", 7);

            String data = body(q.dashboard().resolve("/api/v1/boards/1/data"));
            URI first = q.dashboard().resolve("/api/v1/boards/1/data/birds%20of%20prey/head");
            String head = body(first);
            q.catalog().unpublish("birds of prey");
            q.catalog().unpublish("a rate");
            String later = body(q.dashboard().resolve("/api/v1/boards/1/data"));
            String gone = body(first);
            published.release();

            assertThat(head)
                    .endsWith(
                            "\"there\":true,\"columns\":[\"name\"],\"rows\":[[\"owl\"],[\"kite\"]]}");
            assertThat(gone).contains("\"there\":false,\"why\":\"It isn’t there any more");
            assertThat(data)
                    .contains("\"name\":\"birds of prey\",\"kind\":\"frame\"")
                    .contains("\"partitions\":1,\"missing\":0,\"rows\":2,")
                    .contains("\"columns\":[{\"name\":\"name\",")
                    .contains("{\"name\":\"a rate\",\"kind\":\"value\"")
                    .containsPattern("\"owner\":\"[^\"]+\",\"sinceMillis\":\\d+");
            assertThat(later).endsWith("\"published\":[]}");
        }
    }

    @Test
    void the_dashboard_shows_what_tasks_print_and_workers_log() throws Exception {
        try (Session q = Quiver.connect(address, Options.defaults().quiet())) {
            q.submit(
                            () -> {
                                System.out.println("a wren <b>sings</b>");
                                Logger.getLogger("birds").warning("a cat comes");
                                return 1;
                            })
                    .result();

            URI logs = q.dashboard().resolve("/api/v1/boards/1/logs");
            assertThat(body(logs))
                    .contains("\"source\":\"printed by a task\",\"text\":\"a wren <b>sings</b>\"");
            String warning = "\"source\":\"birds\",\"text\":\"a cat comes\"";
            long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (!body(logs).contains(warning) && System.nanoTime() < until) Thread.sleep(50);
            assertThat(body(logs)).contains(warning, "\"level\":\"warning\"");
        }
    }

    @Test
    void the_dashboard_shows_what_tasks_of_workers_spend_time_on_while_somebody_looks()
            throws Exception {
        try (Session q = Quiver.connect(address, Options.defaults().quiet())) {
            URI asked = q.dashboard().resolve("/api/v1/boards/1/profile/all/methods");
            long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            String profile = body(asked);
            while (!profile.contains("LocalClusterTest.spin") && System.nanoTime() < until) {
                q.submit(LocalClusterTest::spin).result();
                profile = body(asked);
            }

            assertThat(profile)
                    .contains("\"remote\":true,\"there\":true", "\"n\":\"tasks\"")
                    .contains("LocalClusterTest.spin");
        }
    }

    private static double spin() {
        double sum = 0;
        for (int i = 0; i < 20_000_000; i++) sum += Math.sqrt(i);
        return sum;
    }

    private static String body(URI asked) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(asked).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void a_worker_comes_when_there_is_much_to_do_and_leaves_afterwards_and_nothing_runs_twice()
            throws Exception {
        awaitStatus("as needed: 1 started, 1 wanted");
        Path notes = directory.resolve("notes");
        List<Integer> items = IntStream.range(0, 40).boxed().toList();
        try (Session q = Quiver.connect(address, Options.defaults().quiet())) {
            List<QFuture<String>> futures = q.map(new Slowly(notes.toString()), items);

            awaitStatus("1 to 2 workers as needed: 2 started, ");
            String calm = awaitStatus("as needed: 1 started, 1 wanted for 0 tasks of 0 s");

            assertThat(calm).containsPattern("worker \\d 'worker-\\d': retired");
            assertThat(q.gather(futures))
                    .isEqualTo(items.stream().map(i -> i + "x".repeat(5_000)).toList());
            assertThat(Files.readAllLines(notes).stream().map(Integer::valueOf).sorted())
                    .isEqualTo(items);
        }
    }
}
