package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.cluster.control.SchedulerAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `quiver cluster up`, as a person starts it.
@Timeout(120)
final class ClusterUpTest {
    private static final Pattern ADDRESS = Pattern.compile("quiver://[0-9.]+:\\d+");

    private Process cluster;
    private BufferedReader output;

    @BeforeEach
    void start() throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Path options = Path.of("src/main/jvm/node.options").toAbsolutePath();
        assertThat(options).exists();
        command.addAll(List.of("@" + options, "-XX:TieredStopAtLevel=1", "-cp"));
        command.add(
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(QuiverCommand.class.getName());
        command.addAll(
                List.of("cluster", "up", "--workers", "2", "--port", "48786", "--memory", "128MB"));
        cluster = new ProcessBuilder(command).redirectErrorStream(true).start();
        output = cluster.inputReader();
    }

    @AfterEach
    void stop() {
        cluster.descendants().forEach(ProcessHandle::destroyForcibly);
        cluster.destroyForcibly();
    }

    /// Reads on until a line has something in it.
    private String read(Pattern wanted) throws IOException {
        var seen = new ArrayList<String>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            seen.add(line);
            Matcher matcher = wanted.matcher(line);
            if (matcher.find()) return matcher.group();
        }
        throw new AssertionError("never printed: " + wanted + "\n" + String.join("\n", seen));
    }

    /// What the cluster says of itself once no slot is busy: workers tell that twice a second.
    private static String idleStatus(String address) throws InterruptedException {
        String status = "";
        for (int i = 0; i < 100; i++) {
            status = ClusterText.status(SchedulerAddress.parse(address));
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
        }

        assertThat(idleStatus(address)).contains("2 workers", "worker-1", "worker-2", "of 128");
        List<ProcessHandle> children = cluster.descendants().toList();
        assertThat(children).hasSize(2);
        cluster.destroy(); // as Ctrl-C does
        assertThat(cluster.waitFor(Duration.ofSeconds(60))).isTrue();
        for (ProcessHandle child : children) child.onExit().join();
        assertThat(cluster.exitValue()).isZero();
    }

    @Test
    void a_worker_that_is_killed_is_started_again() throws Exception {
        read(Pattern.compile("worker-\\d: worker 1 .*"));
        ProcessHandle victim = cluster.children().findFirst().orElseThrow();

        assertThat(victim.destroyForcibly()).isTrue();

        assertThat(read(Pattern.compile("worker-\\d ended: signal 9.*it is started again")))
                .contains("SIGKILL");
        read(Pattern.compile("worker-\\d: worker 2 .*"));
    }

    @Test
    void workers_do_not_outlive_who_started_them() throws Exception {
        read(Pattern.compile("worker-\\d: worker 1 .*"));
        List<ProcessHandle> children = cluster.descendants().toList();

        cluster.destroyForcibly();

        for (ProcessHandle child : children)
            assertThat(child.onExit().orTimeout(60, java.util.concurrent.TimeUnit.SECONDS).join())
                    .isEqualTo(child);
    }
}
