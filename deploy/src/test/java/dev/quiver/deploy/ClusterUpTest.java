package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.dataframe.QFuture;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `quiver cluster up`, as a person starts it.
@Timeout(120)
final class ClusterUpTest {
    private static final Pattern ADDRESS = ClusterProcess.ADDRESS;

    @TempDir private Path journals;

    private ClusterProcess up;
    private Process cluster;

    @BeforeEach
    void start() throws Exception {
        up =
                ClusterProcess.up(
                        "--workers",
                        "2",
                        "--port",
                        "48786",
                        "--memory",
                        "128MB",
                        "--journal",
                        journals.toString());
        cluster = up.process();
    }

    @AfterEach
    void stop() {
        up.close();
    }

    private String read(Pattern wanted) throws InterruptedException {
        return up.read(wanted);
    }

    /// What the cluster says of itself once no slot is busy: workers tell that twice a second.
    private static String idleStatus(String address) throws InterruptedException {
        String status = "";
        for (int i = 0; i < 100; i++) {
            status = ClusterText.status(SchedulerAddress.parseAll(address));
            if (!status.contains("1/1")) return status;
            Thread.sleep(100);
        }
        throw new AssertionError("still busy:\n" + status);
    }

    @Test
    void it_prints_its_address_runs_tasks_and_leaves_nothing_behind() throws Exception {
        String address = read(ADDRESS);

        try (Session q = Quiver.connect(address, Options.defaults().quiet())) {
            assertThat(q.gather(q.map(x -> x + 1, List.of(1, 2, 3)))).containsExactly(2, 3, 4);
            Path file = Files.createTempFile("cluster-up", ".csv");
            Files.writeString(file, "a,b\n1,x\n2,y\n");
            assertThat(q.read().csv(file.toString()).count()).isEqualTo(2);
            QFuture<String> large = q.submit(() -> "x".repeat(5_000));
            assertThat(large.result()).hasSize(5_000);
            Matcher key = Pattern.compile("QFuture\\[(\\d+/\\d+)").matcher(large.toString());
            String task = key.find() ? key.group(1) : "0/0";
            assertThat(Spoken.by("story", "--at", address, task).out())
                    .contains("submitted as task", "attempt 1", "finished: 1 rows");
            assertThat(Spoken.by("why", "--at", address, task).out()).startsWith("released: ");
            assertThat(Spoken.by("who-has", "--at", address, task).out())
                    .isEqualTo("no worker holds it; see 'quiver why %s'\n".formatted(task));
            var kept = q.read().csv(file.toString()).persist();
            assertThat(
                            IntStream.range(0, 40)
                                    .mapToObj(i ->
                                            Spoken.by("who-has", "--at", address, i + "/0").out()))
                    .anyMatch(said -> said.matches("worker \\d+ holds it: 2 rows, [^\\n]*\\n"));
            var rebalanced = Spoken.by("rebalance", "--to", address);
            assertThat(rebalanced.out()).containsPattern("^\\d outputs of .* move\n$");
            assertThat(rebalanced.status()).isZero();
            assertThat(kept.count()).isEqualTo(2);
            kept.release();
        }

        assertThat(idleStatus(address)).contains("2 workers", "worker-1", "worker-2", "of 128");
        List<ProcessHandle> children = cluster.descendants().toList();
        assertThat(children).hasSize(2);
        retireOne(address);
        cluster.destroy(); // as Ctrl-C does
        assertThat(cluster.waitFor(Duration.ofSeconds(60))).isTrue();
        for (ProcessHandle child : children) child.onExit().join();
        assertThat(cluster.exitValue()).isZero();
        Path journal;
        try (Stream<Path> files = Files.list(journals)) {
            journal = files.findFirst().orElseThrow();
        }
        Spoken replayed = Spoken.by("replay", journal.toString());
        assertThat(replayed.out())
                .containsPattern("workers joined +2\\n")
                .containsPattern("clients came +1\\n")
                .contains("each event had the same consequences as when it was written");
        assertThat(replayed.status()).isZero();
    }

    private void retireOne(String address) throws Exception {
        var unknown = Spoken.by("retire", "--to", address, "worker-7");
        var retired = Spoken.by("retire", "--to", address, "worker-1");

        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.err()).contains("there is no worker 'worker-7'", "'worker-1'");
        assertThat(retired.err()).containsPattern("worker \\d: retired\n$");
        assertThat(retired.status()).isZero();
        read(Pattern.compile("worker-1 has left; it isn't started again"));
        assertThat(idleStatus(address))
                .contains("1 workers")
                .containsPattern("worker \\d 'worker-1': retired");
        cluster.children().forEach(ProcessHandle::destroy); // by SIGTERM
        read(Pattern.compile("worker-2 has left; it isn't started again"));
        assertThat(idleStatus(address))
                .contains("0 workers")
                .containsPattern("worker \\d 'worker-2': retired");
    }

    @Test
    @Tag("nightly")
    void workers_leave_by_themselves_and_when_they_are_told() throws Exception {
        String place = read(ADDRESS).substring("quiver://".length());
        String[] words = {"worker", "--join", place, "--memory", "64MB", "--name", "other"};
        Process aged = worker(words, "--lifetime", "2s");
        Process idle = worker(words, "--idle-timeout", "1s");

        assertThat(idle.waitFor(Duration.ofSeconds(60))).isTrue();
        String printed = lineOf(aged.inputReader(), "another one is started");
        aged.destroy(); // by SIGTERM

        assertThat(printed).contains("other has lived its time");
        assertThat(idle.exitValue()).isZero();
        assertThat(idle.inputReader().readAllAsString()).contains("worker 'other' ends: retired");
        assertThat(aged.waitFor(Duration.ofSeconds(60))).isTrue();
        assertThat(aged.exitValue()).isZero();
    }

    private static Process worker(String[] words, String... more) throws IOException {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of(more));
        ProcessBuilder builder = Spoken.process(all.toArray(String[]::new));
        builder.command().add(1, "@" + Path.of("src/main/jvm/node.options").toAbsolutePath());
        return builder.redirectErrorStream(true).start();
    }

    private static String lineOf(BufferedReader output, String wanted) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine())
            if (line.contains(wanted)) return line;
        throw new AssertionError("never printed: " + wanted);
    }

    private static final String PROGRAM =
            """
            import dev.quiver.client.Quiver;
            import java.util.List;

            class Sum {
                static void main(String[] words) throws Exception {
                    System.err.println("pid " + ProcessHandle.current().pid());
                    try (var q = Quiver.connect()) {
                        System.out.println(q.gather(q.map(x -> x * x, List.of(1, 2, 3))));
                    }
                    if (words[0].equals("fail")) System.exit(3);
                    if (words[0].equals("stay")) Thread.sleep(600_000);
                }
            }
            """;

    @Test
    void submitted_programs_run_on_workers_and_end_as_they_do(@TempDir Path directory)
            throws Exception {
        String address = read(ADDRESS);
        String file = Files.writeString(directory.resolve("Sum.java"), PROGRAM).toString();

        var done = Spoken.by("submit", "--to", address, "--wait", file, "end");
        var failed = Spoken.by("submit", "--to", address, "--restarts", "1", file, "fail");
        var result = Spoken.by("result", "--at", address, "sum-2");
        Spoken.by("submit", "--to", address, file, "stay");
        ProcessHandle driver = driver(address, "sum-3");
        var cancelled = Spoken.by("cancel", "--at", address, "sum-3");
        driver.onExit().orTimeout(60, TimeUnit.SECONDS).join();
        var list = Spoken.by("list", "--at", address);

        assertThat(done.out()).isEqualTo("[1, 4, 9]\n");
        assertThat(done.err()).contains("sum-1 was submitted", "pid ", "sum-1 is done");
        assertThat(done.status()).isZero();
        assertThat(failed.out()).contains("sum-2 was submitted", "quiver logs -f sum-2");
        assertThat(result.out()).isEqualTo("[1, 4, 9]\n[1, 4, 9]\n");
        assertThat(result.err()).isEqualTo("sum-2 failed: exit status 3\n");
        assertThat(result.status()).isEqualTo(3);
        assertThat(cancelled.out()).isEqualTo("sum-3 was cancelled\n");
        assertThat(list.out())
                .contains("sum-1  done", "sum-2  failed", "sum-3  cancelled", "Sum.java fail");
    }

    /// The process of a program, once it has said what it is.
    private static ProcessHandle driver(String address, String job) throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            String printed = Spoken.by("logs", "--at", address, job).err();
            if (printed.startsWith("pid "))
                return ProcessHandle.of(Long.parseLong(printed.substring(4).strip())).orElseThrow();
            Thread.sleep(100);
        }
        throw new AssertionError(job + " doesn't begin");
    }

    @Test
    void a_worker_that_ends_is_started_again_and_says_why() throws Exception {
        String address = read(ADDRESS);
        read(Pattern.compile("worker-\\d: worker 1 .*"));
        ProcessHandle victim = cluster.children().findFirst().orElseThrow();

        assertThat(victim.destroyForcibly()).isTrue();

        assertThat(read(Pattern.compile("worker-\\d ended: signal 9.*it is started again")))
                .contains("SIGKILL");
        read(Pattern.compile("worker-\\d: worker 2 .*"));
        assertThat(idleStatus(address))
                .containsPattern("'worker-\\d' was started again; before, it ended: signal 9 ");
        try (Session q = Quiver.connect(address, Options.defaults().quiet())) {
            QFuture<Integer> deadly =
                    q.submit(() -> {
                        Runtime.getRuntime().halt(7);
                        return 1;
                    });
            assertThatThrownBy(deadly::result)
                    .hasMessageContaining("3 workers were lost while task 0 of")
                    .hasMessageContaining("Why each of them ended: exit status 7");
        }
    }

    @Test
    void nothing_outlives_who_started_it(@TempDir Path directory) throws Exception {
        String address = read(ADDRESS);
        String file = Files.writeString(directory.resolve("Sum.java"), PROGRAM).toString();
        Spoken.by("submit", "--to", address, file, "stay");
        ProcessHandle driver = driver(address, "sum-1");
        List<ProcessHandle> all = cluster.descendants().toList();

        cluster.destroyForcibly();

        assertThat(all).hasSize(3).contains(driver);
        for (ProcessHandle each : all)
            assertThat(each.onExit().orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(each);
    }
}
