package dev.quiver.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// Workers whose disk for what there is no memory for is full.
@Tag("root")
final class FullSpillDiskTest {
    private static final int ROWS = 1_500_000;

    @TempDir private Path directory;
    private Path disk;
    private TestCluster cluster;

    @BeforeEach
    void start() throws Exception {
        disk = Files.createDirectories(directory.resolve("disk"));
        sh("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString());
        cluster =
                TestCluster.start(
                        directory, 2, 48L << 20, Map.of("QUIVER_SPILL_DIRECTORY", "" + disk));
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
        sh("umount", disk.toString());
    }

    private static void sh(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private long spilled() throws IOException {
        try (Stream<Path> files = Files.walk(disk)) {
            return files.filter(file -> file.toString().endsWith(".spill")).count();
        }
    }

    @Scenario
    void who_needs_more_is_refused_the_workers_live_and_room_is_used_when_it_comes()
            throws Exception {
        Path file = directory.resolve("rows.csv");
        try (var out = Files.newBufferedWriter(file)) {
            out.write("id,text\n");
            for (int i = 0; i < ROWS; i++)
                out.write("%d,a text that is different in each row %d\n".formatted(i, i * 7919L));
        }
        try (Session q = cluster.connect()) {
            DataFrame rows = q.read().csv(file.toString());

            assertThatThrownBy(() -> rows.persist().count())
                    .isInstanceOfSatisfying(
                            QuiverException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_REFUSED))
                    .hasMessageContaining("spilling: ");
            assertThat(q.gather(q.map(x -> x + 1, List.of(1, 2)))).containsExactly(2, 3);
            assertThat(rows.count()).isEqualTo(ROWS);
            sh("mount", "-o", "remount,size=512m", disk.toString());
            DataFrame kept = rows.persist();

            assertThat(kept.count()).isEqualTo(ROWS);
            kept.release();
            for (int i = 0; i < 100 && spilled() > 0; i++) Thread.sleep(50);
            assertThat(spilled()).isZero();
        }
        cluster.awaitWorkers(2);
        assertThat(cluster.logs()).doesNotContain("looking for a scheduler");
    }
}
