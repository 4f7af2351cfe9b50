package dev.quiver.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The zip of this build, unpacked where there is neither a clone nor Maven.
@Tag("packaged")
final class DistributionTest {
    private static final Path ROOT =
            Path.of(System.getProperty("quiver.root", "..")).toAbsolutePath().normalize();
    private static final int MINUTES_MAX = 2;

    @TempDir private Path directory;

    private String run(String... words) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        var builder =
                new ProcessBuilder(words)
                        .directory(directory.toFile())
                        .redirectInput(new File("/dev/null"))
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(
                        Map.of(
                                "JAVA_HOME",
                                System.getProperty("java.home"),
                                "PATH",
                                "/usr/bin:/bin",
                                "HOME",
                                directory.toString()));
        Process process = builder.start();
        boolean ended = process.waitFor(MINUTES_MAX, TimeUnit.MINUTES);
        process.destroyForcibly();
        String text = Files.readString(out);
        assertThat(ended).as(text).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    private Path zip() throws IOException {
        try (var files = Files.newDirectoryStream(ROOT.resolve("deploy/target"), "quiver-*.zip")) {
            List<Path> zips = new ArrayList<>();
            files.forEach(zips::add);
            assertThat(zips).hasSize(1);
            return zips.getFirst();
        }
    }

    private static long preparedStarts(Path folder) throws IOException {
        try (var files = Files.newDirectoryStream(folder, "node-*.aot")) {
            long count = 0;
            for (Path file : files) if (Files.size(file) > 1 << 20) count++;
            return count;
        }
    }

    /// The command of the unpacked zip.
    private Path unpacked() throws IOException, InterruptedException {
        run(
                Path.of(System.getProperty("java.home"), "bin", "jar").toString(),
                "--extract",
                "--file",
                zip().toString());
        try (var found = Files.newDirectoryStream(directory, "quiver-*")) {
            Path quiver = found.iterator().next().resolve("quiver");
            assertThat(quiver.toFile().setExecutable(true)).isTrue(); // jar unpacks no permissions
            return quiver;
        }
    }

    @Test
    void it_runs_a_program_without_building_anything() throws Exception {
        Path quiver = unpacked();
        Files.writeString(
                directory.resolve("Count.java"),
                """
                import dev.quiver.client.Quiver;

                void main(String[] words) {
                    try (var q = Quiver.local()) {
                        System.out.println(q.read().csv(words[0]).count());
                    }
                }
                """);
        Files.writeString(directory.resolve("a.csv"), "a,b\n1,x\n2,y\n");

        String version = run(quiver.toString(), "version");
        String counted = run(quiver.toString(), "run", "Count.java", "a.csv");
        String first = run(quiver.toString(), "head", "-n", "1", "--format", "csv", "a.csv");

        assertThat(version).startsWith("quiver 0.1");
        assertThat(counted).isEqualTo("2\n");
        assertThat(first).isEqualTo("a,b\n1,x\n");
    }

    @Test
    @Tag("nightly")
    void its_nodes_start_from_what_a_rehearsal_has_written_down() throws Exception {
        Path quiver = unpacked();

        String first = run(quiver.toString(), "rehearse");
        String second = run(quiver.toString(), "rehearse");

        assertThat(first).startsWith("preparing the start of nodes").contains("'rehearsal' joined");
        assertThat(second)
                .contains("'rehearsal' joined")
                .doesNotContain("preparing", "[aot", "[cds");
        assertThat(preparedStarts(quiver.resolveSibling("lib"))).isEqualTo(1);
    }
}
