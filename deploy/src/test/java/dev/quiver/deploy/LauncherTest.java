package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./quiver` and `./mvnw` as a newcomer starts them.
final class LauncherTest {
    @TempDir private static Path directory;

    @SuppressWarnings("NullAway.Init") // made once for all tests
    private static Clone clone;

    @BeforeAll
    static void make_a_clone_in_a_directory_with_spaces() throws IOException {
        clone = Clone.at(directory.resolve("a clone with spaces"));
    }

    @Test
    void without_a_jdk_the_launcher_and_the_wrapper_say_what_to_get() throws Exception {
        Path jre = directory.resolve("homes/jre");
        Clone.executable(jre.resolve("bin/java"), "#!/bin/sh\n");
        Files.writeString(
                jre.resolve("release"),
                "JAVA_VERSION=\"26.0.1\"\nMODULES=\"java.base java.sql\"\n");
        Map<String, String> environment = clone.environment();
        environment.put("QUIVER_JAVA_SEARCH", directory.resolve("homes").toString());

        for (String program : List.of("quiver", "mvnw")) {
            var spoken =
                    Spoken.byProcess(
                            directory,
                            environment,
                            List.of(Clone.repository().resolve(program).toString(), "version"));

            System.out.println(spoken.err());
            assertThat(spoken.status()).isEqualTo(2);
            assertThat(spoken.err())
                    .contains("no JDK 25 or newer found   (JDK_NOT_FOUND)")
                    .contains("found: 26.0.1 in ", "homes/jre (no bin/javac: not a full JDK)")
                    .contains("looked: ", directory.resolve("homes").toString())
                    .contains("fix: install a full JDK 25");
        }
    }

    @Test
    void the_newest_jdk_of_a_directory_is_taken() throws Exception {
        for (String version : List.of("25.0.9", "25.0.10", "25", "17.0.15", "31-nonsense")) {
            Path home = directory.resolve("several").resolve(version);
            for (String tool : List.of("java", "javac", "jshell")) {
                Clone.executable(home.resolve("bin").resolve(tool), "#!/bin/sh\n");
            }
            if (version.startsWith("31")) continue;
            Files.writeString(home.resolve("release"), "JAVA_VERSION=\"%s\"\n".formatted(version));
        }

        var spoken = found(directory.resolve("several").toString(), Map.of());

        assertThat(spoken.out().strip()).endsWith("several/25.0.10");
    }

    @Test
    void a_good_java_home_is_taken_before_any_other_and_an_old_one_is_passed_over()
            throws Exception {
        Path good = Path.of(System.getProperty("java.home"));
        Path old = directory.resolve("old");
        Clone.executable(old.resolve("bin/java"), "#!/bin/sh\n");
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.2\"\n");

        var byHome = found("/nowhere", Map.of("JAVA_HOME", good.toString()));
        var byOwn =
                found(
                        "/nowhere",
                        Map.of("JAVA_HOME", old.toString(), "QUIVER_JAVA_HOME", good.toString()));
        var bySearch = found(clone.javaSearch().toString(), Map.of("JAVA_HOME", old.toString()));

        assertThat(byHome.out().strip()).isEqualTo(good.toString());
        assertThat(byOwn.out().strip()).isEqualTo(good.toString());
        assertThat(bySearch.out().strip()).isEqualTo(good.toRealPath().toString());
    }

    @Test
    void it_builds_once_and_again_when_a_source_has_changed() throws Exception {
        Clone own = Clone.at(directory.resolve("changing/clone"));

        var first = own.quiver(directory, "version");
        var second = own.quiver(directory, "version");
        Files.writeString(own.root().resolve("core/src/main/java/A.java"), "class A { int a; }");
        var third = own.quiver(directory, "--quiet", "version");

        assertThat(first.out()).startsWith("quiver 0.1");
        assertThat(first.err().lines()).singleElement().asString().startsWith("building quiver");
        assertThat(second.err()).isEmpty();
        assertThat(third.err()).isEmpty();
        assertThat(third.out()).isEqualTo(first.out());
        assertThat(own.builds()).isEqualTo(2);
        try (var builds = Files.list(own.root().resolve(".quiver/build"))) {
            assertThat(builds).as("older builds are removed").hasSize(1);
        }
    }

    /// A JDK whose `java` says what it was told, and how it makes what it writes down of a
    /// rehearsal.
    private static Map<String, String> talkingJdk(Clone own, String records) throws IOException {
        Path home = own.root().resolveSibling("talking").resolve("jdk");
        for (String tool : List.of("javac", "jshell"))
            Clone.executable(home.resolve("bin").resolve(tool), "#!/bin/sh\n");
        Clone.executable(
                home.resolve("bin/java"),
                """
                #!/bin/sh
                for word; do
                  case $word in -XX:AOTCacheOutput=*) echo "$*" >>"$0.rehearsals"; %s ;; esac
                done
                printf '%%s\\n' "$@"
                """
                        .formatted(records));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
        Map<String, String> environment = own.environment();
        environment.put("QUIVER_JAVA_SEARCH", own.root().resolveSibling("talking").toString());
        return environment;
    }

    private static Spoken worker(Clone own, Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(own.root().resolve("quiver").toString(), "worker"));
        command.addAll(List.of(words));
        return Spoken.byProcess(directory, environment, command);
    }

    private static List<String> rehearsals(Clone own) throws IOException {
        return Files.readAllLines(
                own.root().resolveSibling("talking").resolve("jdk/bin/java.rehearsals"));
    }

    @Test
    void nodes_start_from_what_one_rehearsal_had_written_down() throws Exception {
        Clone own = Clone.at(directory.resolve("rehearsed/a clone"));
        Map<String, String> environment = talkingJdk(own, "echo written >\"${word#*=}\"; exit 0");

        var help = worker(own, environment, "--help");
        var first = worker(own, environment, "--join", "there");
        var second = worker(own, environment, "--join", "there");

        assertThat(help.out()).doesNotContain("AOTCache");
        assertThat(first.err()).contains("preparing the start of nodes with this JDK (once)");
        assertThat(first.out()).containsPattern("-XX:AOTCache=.*/node-\\d+\\.aot\n");
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(second.err()).isEmpty();
        assertThat(rehearsals(own)).hasSize(1).first().asString().endsWith("rehearse");
    }

    @Test
    void nodes_start_all_the_same_where_the_rehearsal_failed() throws Exception {
        Clone own = Clone.at(directory.resolve("stumbling/a clone"));
        Map<String, String> environment = talkingJdk(own, "exit 1");

        var first = worker(own, environment, "--join", "there");
        var second = worker(own, environment, "--join", "there");

        assertThat(first.status()).isZero();
        assertThat(first.out()).contains("--join\nthere\n").doesNotContain("AOTCache");
        assertThat(first.err()).contains("that failed", "rehearsal.log");
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(rehearsals(own)).hasSize(1);
    }

    @Test
    void a_build_that_fails_shows_the_compilers_lines_and_where_the_log_is() throws Exception {
        Clone own = Clone.at(directory.resolve("broken/clone"));
        Files.writeString(own.root().resolve("broken"), "");

        var spoken = own.quiver(directory, "version");

        System.out.println(spoken.err());
        assertThat(spoken.status()).isEqualTo(1);
        assertThat(spoken.err())
                .contains("[ERROR] cannot find symbol")
                .contains("Quiver could not be built   (BUILD_FAILED)")
                .contains(".quiver/build.log");
    }

    @Test
    void a_program_runs_from_any_directory_with_its_arguments_and_its_exit_status()
            throws Exception {
        Path work = Files.createDirectories(directory.resolve("some work"));
        Files.writeString(
                work.resolve("Seven.java"),
                """
                void main(String[] args) {
                    System.out.println(String.join("|", args));
                    System.exit(7);
                }
                """);

        var spoken = clone.quiver(work, "run", "Seven.java", "--quiet", "a b", "@x", "*");

        assertThat(spoken.out()).isEqualTo("--quiet|a b|@x|*\n");
        assertThat(spoken.status()).isEqualTo(7);
    }

    @Test
    void a_link_to_the_launcher_works_and_failures_have_the_statuses_1_and_2() throws Exception {
        Path link = directory.resolve("q");
        Files.createSymbolicLink(link, clone.root().resolve("quiver"));

        var failed =
                Spoken.byProcess(
                        directory,
                        clone.environment(),
                        List.of(link.toString(), "run", "Missing.java"));
        var misused =
                Spoken.byProcess(
                        directory, clone.environment(), List.of(link.toString(), "heda", "x"));

        assertThat(failed.status()).isEqualTo(1);
        assertThat(misused.status()).isEqualTo(2);
        assertThat(misused.err()).contains("unknown command 'heda'", "did you mean 'head'?");
    }

    @Test
    void a_directory_that_a_class_path_cannot_name_is_refused() throws Exception {
        Clone own = Clone.at(directory.resolve("a:b"));

        var spoken = own.quiver(directory, "version");

        assertThat(spoken.status()).isEqualTo(1);
        assertThat(spoken.err()).contains("(UNSUPPORTED)", "fix: move the clone");
    }

    private static Spoken found(String search, Map<String, String> more) throws Exception {
        Map<String, String> environment = clone.environment();
        environment.put("QUIVER_JAVA_SEARCH", search);
        environment.putAll(more);
        return Spoken.byProcess(
                directory,
                environment,
                List.of(
                        "/bin/sh",
                        "-c",
                        ". \"$0\"; quiver_find_jdk && echo \"$QUIVER_JDK\"",
                        clone.root().resolve(".mvn/find-jdk.sh").toString()));
    }
}
