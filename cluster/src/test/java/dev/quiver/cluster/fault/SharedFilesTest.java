package dev.quiver.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Session;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A worker that sees other files than the client stops the job. Below `/proc/self/cwd` each
/// process sees its own directory, as if it were on a machine of its own.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SharedFilesTest {
    private static final Path OWN = Path.of("/proc/self/cwd");

    @TempDir private static Path directory;

    private TestCluster cluster;
    private Path there;
    private Path mine;

    record Sale(String region, int amount) {}

    @BeforeAll
    void start() throws Exception {
        cluster = TestCluster.start(Files.createDirectories(directory.resolve("logs")), 0);
        there = Files.createDirectories(directory.resolve("there"));
        mine = Files.createDirectories(Path.of("target/own-files"));
        cluster.begin(there);
        cluster.awaitWorkers(1);
    }

    @AfterEach
    void clear() throws IOException {
        for (Path folder : List.of(mine, there.resolve("target/own-files"))) {
            if (!Files.exists(folder)) continue;
            try (var files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) Files.delete(file);
            }
        }
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    private Path file(String name) throws IOException {
        Files.writeString(mine.resolve(name), "region,amount\nnorth,1\n");
        return OWN.resolve("target/own-files").resolve(name);
    }

    @Test
    void an_input_that_a_worker_doesn_t_see_stops_the_job() throws IOException {
        Path sales = file("missing.csv");
        try (Session q = cluster.connect()) {

            assertThatThrownBy(() -> q.read().csv(sales.toString()).collect())
                    .isInstanceOf(QuiverException.class)
                    .hasMessageContaining("worker 0 'w0' doesn't see '" + sales)
                    .hasMessageContaining("FILE_NOT_FOUND")
                    .hasMessageContaining("share")
                    .hasMessageContaining("object store");
        }
    }

    @Test
    void an_input_that_is_another_one_there_stops_the_job() throws IOException {
        Path sales = file("other.csv");
        Path other = Files.createDirectories(there.resolve("target/own-files"));
        Files.writeString(other.resolve("other.csv"), "region,amount\nsouth,12\n");
        try (Session q = cluster.connect()) {

            assertThatThrownBy(() -> q.read().csv(sales.toString()).collect())
                    .hasMessageContaining("worker 0 'w0' sees another '" + sales)
                    .hasMessageContaining("program: 22 bytes")
                    .hasMessageContaining("worker: 23 bytes");
        }
    }

    @Test
    void the_same_file_seen_by_both_is_read() throws IOException {
        Path shared = directory.resolve("shared.csv");
        Files.writeString(shared, "region,amount\nnorth,1\n");
        try (Session q = cluster.connect()) {

            assertThat(q.read().csv(shared.toString()).count()).isEqualTo(1);
        }
    }

    @Test
    void a_target_that_a_worker_doesn_t_see_stops_the_job_and_leaves_nothing() throws IOException {
        String target = OWN.resolve("target/own-files/out.csv").toString();
        try (Session q = cluster.connect()) {
            var rows = q.of(Sale.class, List.of(new Sale("north", 1)));

            assertThatThrownBy(() -> rows.write().csv(target))
                    .hasMessageContaining("worker 0 'w0' doesn't see where the program writes")
                    .hasMessageContaining("out.csv");
        }
        try (var left = Files.list(mine)) {
            assertThat(left).isEmpty();
        }
    }
}
