package dev.quiver.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real disks that are full or may not be written.
@Tag("root")
final class FullDiskTest {
    @TempDir private Path data;
    private Path disk;
    private Session q;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectories(data.resolve("disk"));
        sh("mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", disk.toString());
        q = Quiver.local(Options.defaults().slots(2).quiet());
    }

    @AfterEach
    void unmount() throws Exception {
        q.close();
        sh("umount", disk.toString());
    }

    private static void sh(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private void fails(Pipeline pipeline, String said) {
        assertThatThrownBy(() -> pipeline.run(q))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_FAILED))
                .hasMessageContaining(said)
                .hasMessageContaining("fix: ");
    }

    @Test
    void a_run_goes_on_when_the_disk_has_room_and_may_be_written_again() throws Exception {
        Path csv = FlightFiles.first(data, 12_000);
        Path other = data.resolve("other");
        Victim.pipeline(csv, other).run(q);
        SortedMap<String, String> whole = FlightFiles.contents(other);
        Pipeline pipeline = Victim.pipeline(csv, disk);

        fails(pipeline, "No space left on device");
        sh("mount", "-o", "remount,ro", disk.toString());
        fails(pipeline, "Read-only file system");
        sh("mount", "-o", "remount,rw,size=16m", disk.toString());
        PipelineRun run = pipeline.run(q);

        assertThat(run.id()).isEqualTo("flights-1");
        assertThat(FlightFiles.contents(disk)).isEqualTo(whole);
    }
}
