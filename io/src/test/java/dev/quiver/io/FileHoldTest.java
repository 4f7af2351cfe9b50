package dev.quiver.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file is held by one, whichever process it is in.
final class FileHoldTest {
    @TempDir private Path directory;

    /// What another process answers that wants to hold the file.
    private String other() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        Process process =
                new ProcessBuilder(
                                List.of(
                                        java,
                                        "-XX:TieredStopAtLevel=1",
                                        "-cp",
                                        classes,
                                        Other.class.getName(),
                                        file().toString()))
                        .redirectErrorStream(true)
                        .start();
        byte[] said = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isZero();
        return new String(said, StandardCharsets.UTF_8).strip();
    }

    private Path file() {
        return directory.resolve("LOCK");
    }

    static final class Other {
        private Other() {}

        public static void main(String[] arguments) throws IOException {
            try (FileHold _ = FileHold.take(Path.of(arguments[0]), "other")) {
                System.out.println("taken");
            } catch (FileHold.Held e) {
                System.out.println((e.isHere() ? "here: " : "there: ") + e.content());
            }
        }
    }

    @Test
    void a_refusal_in_this_process_does_not_let_another_process_in() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
        FileHold hold = FileHold.take(file(), "me");
        try (hold) {
            for (Path same : List.of(file(), link.resolve("LOCK")))
                assertThatThrownBy(() -> FileHold.take(same, "again"))
                        .isInstanceOfSatisfying(
                                FileHold.Held.class, held -> assertThat(held.isHere()).isTrue());

            assertThat(other()).isEqualTo("there: me");
        }
        assertThat(other()).isEqualTo("taken");
        FileHold.take(file(), "me").close();
    }
}
