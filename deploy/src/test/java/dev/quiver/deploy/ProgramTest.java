package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `quiver run`: a person's own program.
final class ProgramTest {
    @TempDir private Path directory;

    @Test
    void a_source_file_is_compiled_and_run_with_the_files_beside_it() throws IOException {
        file(
                "Greeting.java",
                "class Greeting { static String to(String who) { return \"hello \" + who; } }");
        String main =
                file(
                        "Main.java",
                        """
                        public class Main {
                            public static void main(String[] args) {
                                System.out.println(Greeting.to(args[0]));
                            }
                        }
                        """);

        var spoken = Spoken.by("run", main, "you");

        assertThat(spoken.err()).isEmpty();
        assertThat(spoken.out()).isEqualTo("hello you\n");
        assertThat(spoken.status()).isZero();
    }

    @Test
    void a_jar_runs() throws IOException {
        String source =
                file(
                        "p/Job.java",
                        """
                        package p;
                        public class Job {
                            public static void main(String[] args) {
                                System.out.println(args.length);
                            }
                        }
                        """);
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, source)).isZero();
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "p.Job");
        Path jar = directory.resolve("job.jar");
        try (var stream = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            stream.putNextEntry(new JarEntry("p/Job.class"));
            stream.write(Files.readAllBytes(directory.resolve("p/Job.class")));
        }

        var spoken = Spoken.by("run", jar.toString(), "a", "b");

        assertThat(spoken.out()).isEqualTo("2\n");
    }

    @Test
    void a_program_that_throws_gets_status_1_and_only_its_own_frames() throws IOException {
        String main =
                file(
                        "Bad.java",
                        """
                        void main() {
                            throw new IllegalStateException("so it is");
                        }
                        """);

        var spoken = Spoken.by("run", main);

        assertThat(spoken.status()).isEqualTo(1);
        assertThat(spoken.err().lines().toList())
                .containsExactly(
                        "Exception in thread \"main\" java.lang.IllegalStateException: so it is",
                        "\tat Bad.main(Bad.java:2)");
    }

    @Test
    void a_mistake_in_a_query_is_told_in_three_parts() throws IOException {
        String fruit = file("fruit.csv", "name,weight\napple,1.5\n");
        String main =
                file(
                        "Job.java",
                        """
                        void main(String[] args) {
                            try (var q = dev.quiver.client.Quiver.local()) {
                                q.read().csv(args[0]).select("wieght").show();
                            }
                        }
                        """);

        var spoken = Spoken.by("run", main, fruit);

        System.out.println(spoken.err());
        assertThat(spoken.status()).isEqualTo(1);
        assertThat(spoken.err())
                .startsWith("no column 'wieght'")
                .contains("(COLUMN_NOT_FOUND)", "fix: did you mean 'weight'?")
                .doesNotContain("\tat ");
    }

    @Test
    void programs_that_cannot_start_say_why() throws IOException {
        CommandTest.assertFailed(
                List.of("run", directory + "/Nope.java"), "Nope.java", "FILE_NOT_FOUND");
        CommandTest.assertFailed(
                List.of("run", file("Wrong.java", "void main() { int x = \"\"; }")),
                "Wrong.java:1: error: incompatible types",
                "PROGRAM_INVALID");
        CommandTest.assertFailed(
                List.of("run", file("Empty.java", "class Empty {}")), "no main", "PROGRAM_INVALID");
        CommandTest.assertFailed(
                List.of("run", file("text.jar", "no jar")), "text.jar", "FILE_CORRUPT");
    }

    private String file(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return Files.writeString(file, text).toString();
    }

    @Test
    void a_report_that_cannot_be_written_is_told_before_the_program_runs() throws IOException {
        String main = file("Late.java", "void main() { System.out.println(\"ran\"); }");

        var spoken = Spoken.by("run", "--report", "/proc/nope/run.html", main);

        assertThat(spoken.status()).isEqualTo(1);
        assertThat(spoken.out()).isEmpty();
        assertThat(spoken.err())
                .startsWith("the report can't be written to /proc/nope/run.html")
                .contains("(IO_FAILED)", "fix: ")
                .doesNotContain("\tat ");
    }

    @Test
    void a_run_leaves_a_report_of_what_it_did(@TempDir Path directory) throws Exception {
        String main =
                Files.writeString(
                                directory.resolve("Hello.java"),
                                """
                                import dev.quiver.client.Quiver;
                                class Hello {
                                    record Fruit(String name, int weight) {}
                                    public static void main(String[] arguments) {
                                        for (int i = 0; i < 2; i++)
                                            try (var q = Quiver.local()) {
                                                q.of(Fruit.class, java.util.List.of(new Fruit("fig", i)))
                                                        .sort("weight").collect().close();
                                            }
                                    }
                                }
                                """)
                        .toString();
        Path report = directory.resolve("reports/run.html");

        Spoken spoken;
        try {
            spoken = Spoken.by("run", "--report", report.toString(), main);
        } finally {
            System.clearProperty("quiver.report"); // other programs run in this process
        }

        assertThat(spoken.status()).as(spoken.err()).isZero();
        assertThat(report).content().contains("Sort[weight]", "Hello.java:8");
        assertThat(directory.resolve("reports/run-2.html")).content().contains("Hello.java:8");
        assertThat(directory.resolve("reports").toFile().list()).hasSize(2);
    }

    @Test
    void what_a_program_did_can_be_read_in_another_process_after_its_end(@TempDir Path directory)
            throws Exception {
        Files.writeString(
                directory.resolve("Hello.java"),
                """
                void main() {
                    try (var q = dev.quiver.client.Quiver.local()) {
                        System.out.println(q.submit(() -> 6 * 7).result());
                    }
                }
                """);

        int status = process(directory, "run", "Hello.java").start().waitFor();
        Process local = process(directory, "local").start();

        try (BufferedReader told = local.inputReader()) {
            String address = told.readLine().replaceFirst("dashboard: (.*)#runs", "$1");
            String runs = body(address + "api/v1/runs");
            assertThat(status).isZero();
            assertThat(told.readLine()).isEqualTo("runs are kept in " + directory.resolve("kept"));
            assertThat(runs).contains("\"tasksEnded\":1", "\"program\":");
            String id = runs.replaceFirst(".*\"id\":\"([^\"]*)\".*", "$1");
            assertThat(body(address + "api/v1/runs/" + id)).startsWith("<!doctype html>");
        } finally {
            local.destroy();
            assertThat(local.waitFor()).isZero();
        }
    }

    private static ProcessBuilder process(Path directory, String... words) {
        ProcessBuilder builder =
                Spoken.process(words)
                        .directory(directory.toFile())
                        .redirectError(directory.resolve(words[0] + ".err").toFile());
        builder.environment().put("QUIVER_HISTORY", "always");
        builder.environment().put("QUIVER_HISTORY_DIRECTORY", "" + directory.resolve("kept"));
        return builder;
    }

    private static String body(String address) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(address)).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
