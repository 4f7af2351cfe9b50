package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `quiver shell` in a process of its own.
@Timeout(120)
final class ShellTest {
    @Test
    void a_shell_begins_with_a_session_and_the_names() throws IOException, InterruptedException {
        ProcessBuilder shell = Spoken.process("shell").redirectErrorStream(true);
        // Its history and preferences stay out of the home of who runs the tests.
        shell.command()
                .add(1, "-Djava.util.prefs.userRoot=" + System.getProperty("java.io.tmpdir"));
        Process process = shell.start();

        try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
            in.write("int k = 20;\nq.submit(() -> k + 1).result()\nlit(1)\n/exit\n");
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(said).contains("==> 21").doesNotContain("Error");
    }
}
