package dev.quiver.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A Maven project of a user's own, with the one dependency that the README names, the README's
/// program, and a plain `java -cp` to start it. Needs the jars of this build, offline: a local
/// repository of its own holds them, with that of this build behind it.
@Tag("packaged")
final class OwnProjectTest {
    private static final Path ROOT =
            Path.of(System.getProperty("quiver.root", "..")).toAbsolutePath().normalize();
    private static final String VERSION = "0.1.0-SNAPSHOT";
    private static final int MINUTES_MAX = 3;
    private static final List<String> MODULES =
            List.of(
                    "core",
                    "protocol",
                    "columnar",
                    "io",
                    "dataframe",
                    "planner",
                    "scheduler",
                    "dashboard",
                    "worker",
                    "client-api",
                    "local");

    private static final String POM =
            """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>org.example</groupId>
              <artifactId>mine</artifactId>
              <version>1</version>
              <properties>
                <maven.compiler.release>25</maven.compiler.release>
                <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
              </properties>
              <dependencies>
                %s
              </dependencies>
              <build>
                <plugins>
                  <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.14.1</version></plugin>
                  <plugin><artifactId>maven-resources-plugin</artifactId><version>3.3.1</version></plugin>
                </plugins>
              </build>
            </project>
            """;

    /// Loads the native libraries of the codecs, too.
    private static final String PARQUET =
            """
            import dev.quiver.client.Quiver;
            void main(String[] args) {
                try (var q = Quiver.local()) {
                    q.read().csv(args[0]).write().parquet(args[1]);
                    System.out.println(q.read().parquet(args[1]).count());
                }
            }
            """;

    @TempDir private Path directory;

    private record Ended(int status, String out, String err) {}

    @Test
    void the_readmes_program_runs_in_a_project_with_one_dependency() throws Exception {
        String readme = Files.readString(ROOT.resolve("README.md"));
        Path repository = repository();
        Path project = directory.resolve("mine");
        Path sources = Files.createDirectories(project.resolve("src/main/java"));
        Files.writeString(project.resolve("pom.xml"), POM.formatted(block(readme, "xml")));
        Files.writeString(sources.resolve("Late.java"), block(readme, "java"));
        Files.writeString(sources.resolve("ToParquet.java"), PARQUET);

        Ended built =
                run(
                        List.of(
                                ROOT.resolve("mvnw").toString(),
                                "-B",
                                "-q",
                                "-o",
                                "-f",
                                project.resolve("pom.xml").toString(),
                                "-Dmaven.repo.local=" + repository,
                                "-Dmaven.repo.local.tail=" + ownRepository(),
                                "compile",
                                "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath",
                                "-Dmdep.outputFile=" + project.resolve("jars.txt")));
        assertThat(built.status()).as(built.out() + built.err()).isZero();
        String classPath =
                project.resolve("target/classes")
                        + File.pathSeparator
                        + Files.readString(project.resolve("jars.txt")).strip();

        Ended late = java(List.of("-cp", classPath, "Late"));
        Ended parquet =
                java(
                        List.of(
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                classPath,
                                "ToParquet",
                                "examples/nycflights13/airports.csv",
                                directory.resolve("airports.parquet").toString()));

        assertThat(late.err()).as("no flags, no warnings").isEmpty();
        assertThat(late.out()).contains("carrier", "late", "dep_delay_mean");
        assertThat(late.status()).isZero();
        assertThat(parquet.err()).as("the README's flag silences Java").isEmpty();
        assertThat(parquet.out()).isEqualTo("1458\n");
    }

    /// The jars of this build, laid out as `install` would.
    private Path repository() throws IOException {
        Path repository = directory.resolve("repository");
        install(repository, "quiver-parent", ROOT.resolve("pom.xml"), "pom");
        for (String module : MODULES) {
            String artifact = "quiver-" + module;
            String jar = "%s-%s.jar".formatted(artifact, VERSION);
            install(repository, artifact, ROOT.resolve(module).resolve("pom.xml"), "pom");
            install(
                    repository,
                    artifact,
                    ROOT.resolve(module).resolve("target").resolve(jar),
                    "jar");
        }
        return repository;
    }

    private static void install(Path repository, String artifact, Path file, String extension)
            throws IOException {
        Path place =
                Files.createDirectories(
                        repository.resolve("dev/quiver").resolve(artifact).resolve(VERSION));
        assertThat(file).as("made by ./mvnw verify").exists();
        Files.copy(file, place.resolve("%s-%s.%s".formatted(artifact, VERSION, extension)));
    }

    /// Surefire tells where the libraries of this build are.
    private static String ownRepository() {
        return System.getProperty(
                "localRepository",
                Path.of(System.getProperty("user.home"), ".m2", "repository").toString());
    }

    /// The first block of a language.
    private static String block(String markdown, String language) {
        var matcher =
                Pattern.compile("```%s\\n(.*?)```".formatted(language), Pattern.DOTALL)
                        .matcher(markdown);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private Ended java(List<String> arguments) throws Exception {
        var command = new java.util.ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        return run(command);
    }

    private Ended run(List<String> command) throws Exception {
        Path out = directory.resolve("out.txt");
        Path err = directory.resolve("err.txt");
        var builder =
                new ProcessBuilder(command)
                        .directory(ROOT.toFile())
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        Map<String, String> environment = builder.environment();
        environment.remove("JAVA_TOOL_OPTIONS");
        environment.remove("MAVEN_ARGS");
        environment.put("QUIVER_PROGRESS", "never"); // however slow the machine is
        Process process = builder.start();
        assertThat(process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)).as("%s ends", command).isTrue();
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
