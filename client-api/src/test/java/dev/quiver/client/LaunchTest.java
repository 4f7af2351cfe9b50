package dev.quiver.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Jobs as users start them: by a plain `java` without flags, as a compact source file, in JShell.
class LaunchTest {
    private static final String FLIGHTS =
            """
            carrier,dep_delay
            AA,20
            UA,NA
            AA,40
            UA,16
            B6,1
            """;

    private static final String IMPORTS =
            """
            import dev.quiver.client.Quiver;
            import dev.quiver.dataframe.*;
            import dev.quiver.schema.*;
            import static dev.quiver.dataframe.Functions.*;
            """;

    private static final String JOB =
            """
            try (var q = Quiver.local()) {
                var flights = q.read().nulls("NA").csv("FILE");
                flights.filter(col("dep_delay").gt(15))
                       .groupBy("carrier")
                       .agg(count().as("late"), mean("dep_delay"), max("dep_delay"))
                       .sort(desc("late"))
                       .show();
            }
            """;

    @TempDir Path directory;

    private String job() throws IOException {
        Path file = directory.resolve("flights.csv");
        Files.writeString(file, FLIGHTS);
        return JOB.replace("FILE", file.toString());
    }

    private record Ended(int status, String out, String err) {}

    private Ended run(String... arguments) throws IOException, InterruptedException {
        Path out = directory.resolve("out.txt");
        Path err = directory.resolve("err.txt");
        var command = new java.util.ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Test
    void a_compact_source_file_runs_on_a_plain_java_without_flags_or_warnings() throws Exception {
        Path source = directory.resolve("Late.java");
        Files.writeString(
                source,
                IMPORTS
                        + "import static java.util.stream.Collectors.*;\n"
                        + "void main() {\n"
                        + job().replace("Quiver.local()", "Quiver.local(quiet())")
                        + "}\n"
                        + "dev.quiver.client.Options quiet() {\n"
                        + "    return dev.quiver.client.Options.defaults().strict().quiet();\n"
                        + "}\n");
        Ended ended = run(source.toString());
        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).isZero();
        assertThat(ended.out()).contains("AA", "2", "30.0", "dep_delay_mean");
    }

    @Test
    void a_main_that_forgets_to_close_ends_and_an_error_has_the_users_line() throws Exception {
        Path source = directory.resolve("Forgets.java");
        Files.writeString(
                source,
                IMPORTS
                        + """
                        void main() {
                            var q = Quiver.local();
                            System.out.println(q.submit(() -> 2 * 3).result());
                            q.submit(() -> { throw new IllegalStateException("oops"); }).result();
                        }
                        """);
        Ended ended = run(source.toString());
        assertThat(ended.out()).isEqualTo("6\n");
        assertThat(ended.err())
                .contains("threw IllegalStateException: oops   (TASK_FAILED)")
                .contains("asked for at: Forgets.java:8");
        assertThat(ended.status()).isEqualTo(1);
    }

    @Test
    void the_first_example_runs_in_jshell() throws IOException {
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            shell.addToClasspath(System.getProperty("java.class.path"));
            for (String name :
                    List.of(
                            "java.io.*",
                            "java.math.*",
                            "java.net.*",
                            "java.nio.file.*",
                            "java.util.*",
                            "java.util.concurrent.*",
                            "java.util.function.*",
                            "java.util.prefs.*",
                            "java.util.regex.*",
                            "java.util.stream.*")) eval(shell, "import " + name + ";");
            eval(shell, IMPORTS);
            eval(shell, job().replace(".show()", ".count()"));
            eval(shell, "var q = Quiver.local();");
            eval(shell, "QFuture<Integer> six = q.submit(() -> 2 * 3);");
            assertThat(eval(shell, "six.result()")).isEqualTo("6");
            assertThat(eval(shell, "DataType t = DataType.INT64;")).isEqualTo("int64");
            eval(shell, "q.close();");
        }
    }

    /// Evaluates snippets one after the other.
    private static String eval(JShell shell, String source) {
        String value = "";
        String rest = source;
        while (!rest.isBlank()) {
            SourceCodeAnalysis.CompletionInfo next =
                    shell.sourceCodeAnalysis().analyzeCompletion(rest);
            String snippet = next.source() == null ? rest : next.source();
            for (var event : shell.eval(snippet)) {
                assertThat(event.status()).as(snippet).isEqualTo(Snippet.Status.VALID);
                assertThat(event.exception()).as(snippet).isNull();
                if (event.value() != null) value = event.value();
            }
            rest = next.source() == null ? "" : next.remaining();
        }
        return value;
    }
}
