package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.QFuture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `quiver cluster up` with all that makes it like a large one.
@Timeout(120)
final class LocalClusterTest {
    @TempDir private Path directory;

    private static ClusterProcess cluster;
    private static String address;

    @BeforeAll
    static void start() throws Exception {
        cluster =
                ClusterProcess.up(
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
    static void stop() {
        cluster.close();
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
    void a_worker_comes_when_there_is_much_to_do_and_leaves_afterwards_and_nothing_runs_twice()
            throws Exception {
        Path notes = directory.resolve("notes");
        List<Integer> items = IntStream.range(0, 40).boxed().toList();
        try (Session q = Quiver.connect(address, Options.defaults().quiet())) {
            List<QFuture<String>> futures = q.map(new Slowly(notes.toString()), items);

            String busy = awaitStatus("2 workers, 1 clients");
            String calm = awaitStatus(": 1 workers(.*\n)*.*as needed: 1 started, 1 wanted for 0 ");

            assertThat(busy).contains("1 to 2 workers as needed: 2 started, 2 wanted for ");
            assertThat(calm).containsPattern("worker \\d 'worker-\\d': retired");
            assertThat(q.gather(futures))
                    .isEqualTo(items.stream().map(i -> i + "x".repeat(5_000)).toList());
            assertThat(Files.readAllLines(notes).stream().map(Integer::valueOf).sorted())
                    .isEqualTo(items);
        }
    }
}
