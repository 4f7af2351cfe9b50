package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file that can't grow any more, in the middle of a write.
final class FullDiskTest {
    private static final int FILE_KIB_MAX = 2048;
    private static final int ROWS = 700_000;

    private static final String JOB =
            """
            import dev.quiver.client.*;
            import dev.quiver.dataframe.*;
            import dev.quiver.error.*;

            void main() {
                try (var q = Quiver.local(Options.defaults().slots(2))) {
                    DataFrame in = q.read().csv("in.csv");
                    print(() -> in.write().csv("out.csv"));
                    print(() -> in.write().parquet("out.parquet"));
                    print(() -> in.write().partitionBy("side").parquet("sides"));
                    in.write().overwrite().csv("precious.csv");
                }
            }

            void print(Runnable write) {
                try {
                    write.run();
                    System.out.println("went through");
                } catch (QuiverException e) {
                    System.out.println(e.getMessage());
                }
            }
            """;

    @TempDir private Path directory;

    @Test
    void a_write_that_fails_in_the_middle_says_so_and_leaves_nothing_behind() throws Exception {
        Clone clone = Clone.at(directory.resolve("clone"));
        clone.quiver(directory, "version");
        Path work = Files.createDirectories(directory.resolve("work"));
        Files.writeString(work.resolve("Job.java"), JOB);
        Files.writeString(work.resolve("in.csv"), numbers());
        Files.writeString(work.resolve("precious.csv"), "kept\n");

        var spoken =
                Spoken.byProcess(
                        work,
                        clone.environment(),
                        List.of(
                                "bash",
                                "-c",
                                "ulimit -f %d && exec \"$0\" run Job.java".formatted(FILE_KIB_MAX),
                                clone.root().resolve("quiver").toString()));

        System.out.print(spoken.out() + spoken.err());
        assertThat(spoken.status()).isEqualTo(1);
        assertThat(spoken.out()).doesNotContain("went through");
        assertThat((spoken.out() + spoken.err()).split("\\(IO_FAILED\\)")).hasSize(5);
        assertThat(spoken.out())
                .contains("out.csv", "out.parquet", "sides", "File too large", "fix: ");
        assertThat(spoken.err()).contains("precious.csv", "fix: ").doesNotContain("\tat ");
        assertThat(work.resolve("precious.csv")).hasContent("kept\n");
        try (Stream<Path> left = Files.walk(work)) {
            assertThat(left.filter(file -> !file.equals(work)).map(work::relativize))
                    .extracting(Path::toString)
                    .containsExactlyInAnyOrder("Job.java", "in.csv", "precious.csv");
        }
    }

    private static String numbers() {
        var random = new Random(1);
        var text = new StringBuilder("side,number\n");
        for (int row = 0; row < ROWS; row++)
            text.append(row % 2).append(',').append(random.nextLong()).append('\n');
        return text.toString();
    }
}
