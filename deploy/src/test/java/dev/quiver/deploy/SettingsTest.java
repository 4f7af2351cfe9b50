package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Settings, progress and logging of the command and of the programs that it runs, each in a
/// process of its own, whose standard error is no terminal.
final class SettingsTest {
    /// Its query takes longer than progress waits before its first line in a log.
    private static final String SLOW =
            """
            import dev.quiver.client.*;
            import dev.quiver.dataframe.*;
            import java.util.*;
            record Item(long id) {}
            void main() throws Exception {
                try (var q = Quiver.local(Options.defaults().progress(true))) {
                    var slow = q.of(Item.class, List.of(new Item(1))).as(Item.class)
                            .map(Item.class, item -> { Thread.sleep(2_500); return item; });
                    System.out.println(slow.toList());
                }
            }
            """;

    /// Says what the session took from the settings.
    private static final String SESSION =
            """
            void main() {
                try (var q = dev.quiver.client.Quiver.local()) {
                    System.out.println(q);
                    q.read().csv("semicolons.csv").schema();
                }
            }
            """;

    @TempDir private static Path directory;

    @SuppressWarnings("NullAway.Init") // made once for all tests
    private static Clone clone;

    @BeforeAll
    static void make_a_clone_that_is_built() throws Exception {
        clone = Clone.at(directory.resolve("clone"));
        clone.quiver(directory, "version");
    }

    private static Path work(String name) throws IOException {
        Path work = Files.createDirectories(directory.resolve(name));
        Files.writeString(work.resolve("Slow.java"), SLOW);
        Files.writeString(work.resolve("Session.java"), SESSION);
        Files.writeString(work.resolve("semicolons.csv"), "a;b;c\n1;2;3\n");
        return work;
    }

    private static Spoken quiver(Path work, Map<String, String> variables, String... words)
            throws Exception {
        Map<String, String> environment = clone.environment();
        environment.putAll(variables);
        var command = new ArrayList<String>();
        command.add(clone.root().resolve("quiver").toString());
        command.addAll(List.of(words));
        return Spoken.byProcess(work, environment, command);
    }

    @Test
    void a_long_query_tells_a_log_how_far_it_is_and_quiet_silences_the_program() throws Exception {
        Path work = work("progress");
        Callable<Spoken> loud = () -> quiver(work, Map.of(), "run", "Slow.java");
        Callable<Spoken> quiet = () -> quiver(work, Map.of(), "run", "--quiet", "Slow.java");
        try (var threads = Executors.newFixedThreadPool(2)) {
            List<Future<Spoken>> both = threads.invokeAll(List.of(loud, quiet));

            Spoken told = both.getFirst().get();
            Spoken silent = both.getLast().get();

            System.out.print(told.err());
            assertThat(told.out()).isEqualTo("[Item[id=1]]\n").isEqualTo(silent.out());
            assertThat(told.err().lines().toList()).hasSize(2);
            assertThat(told.err().lines().toList().getFirst())
                    .matches("\\d+ s: \\d of \\d+ tasks done \\(.*\\), memory .*B");
            assertThat(told.err()).contains("s: done").doesNotContain("\u001b");
            assertThat(silent.err()).isEmpty();
        }
    }

    @Test
    void a_programs_session_reads_the_file_and_a_misspelt_variable_is_told() throws Exception {
        Path work = work("session");
        Files.writeString(work.resolve("quiver.yaml"), "slots: 3\n");

        var byFile = quiver(work, Map.of(), "run", "Session.java");
        var misspelt = quiver(work, Map.of("QUIVER_SLOT", "5"), "config");

        assertThat(byFile.out()).isEqualTo("Session[local, 3 slots]\n");
        assertThat(byFile.err()).startsWith("hint: ");
        assertThat(misspelt.status()).isEqualTo(1);
        assertThat(misspelt.err())
                .contains("unknown setting QUIVER_SLOT", "did you mean QUIVER_SLOTS?");
    }

    @Test
    void logging_has_a_level_and_goes_to_the_end_of_a_file_when_asked() throws Exception {
        Path work = work("logging");
        String[] words = {"head", "--quiet", "semicolons.csv"};

        var informed = quiver(work, Map.of("QUIVER_LOG_LEVEL", "info"), words);
        Files.writeString(work.resolve("quiver.yaml"), "log:\n  level: info\n  file: quiver.log\n");
        Files.writeString(work.resolve("quiver.log"), "before\n");
        var filed = quiver(work, Map.of(), words);
        var wrong = quiver(work, Map.of("QUIVER_LOG_LEVEL", "loud", "QUIVER_LOG_FILE", ""), words);

        System.out.print(informed.err() + wrong.err());
        assertThat(informed.err().lines())
                .singleElement()
                .asString()
                .matches("20\\S+Z INFO  dev\\.quiver\\.client\\.OpenSession: .*;.*");
        assertThat(filed.err()).isEmpty();
        assertThat(Files.readAllLines(work.resolve("quiver.log")))
                .hasSize(2)
                .last()
                .asString()
                .contains(" INFO  dev.quiver");
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(wrong.err())
                .contains("log.level is 'loud'", "set in: QUIVER_LOG_LEVEL", "one of error, warn");
    }
}
