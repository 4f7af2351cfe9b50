package dev.quiver.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// One dependency brings what local mode needs, and nothing else.
final class JarsTest {
    @Test
    void it_brings_these_jars_and_no_others() throws IOException {
        List<String> jars = jars();

        System.out.println("quiver-local brings " + jars);
        assertThat(jars)
                .containsExactlyInAnyOrder(
                        "quiver-client-api",
                        "quiver-columnar",
                        "quiver-core",
                        "quiver-dashboard",
                        "quiver-dataframe",
                        "quiver-io",
                        "quiver-planner",
                        "quiver-protocol",
                        "quiver-scheduler",
                        "quiver-worker",
                        "arrow-format",
                        "commons-codec",
                        "commons-compress",
                        "commons-io",
                        "commons-lang3",
                        "dec",
                        "flatbuffers-java",
                        "jackson-core",
                        "javax.annotation-api",
                        "jspecify",
                        "kryo",
                        "minlog",
                        "objenesis",
                        "parquet-format-structures",
                        "re2j",
                        "reflectasm",
                        "slf4j-api",
                        "snakeyaml-engine",
                        "snappy-java",
                        "stax2-api",
                        "woodstox-core",
                        "zstd-jni");
        assertThat(jars)
                .noneMatch(jar ->
                        jar.matches(
                                ".*(flight|grpc|netty|guava|slf4j-(?!api)|logback|log4j|hadoop).*"));
    }

    /// The names of the jars, without versions; a module in this build may still be a directory.
    private static List<String> jars() throws IOException {
        String classPath = Files.readString(Path.of("target", "jars.txt")).strip();
        return List.of(classPath.split(File.pathSeparator)).stream()
                .map(entry ->
                        entry.endsWith("classes")
                                ? entry.replaceAll(".*/([^/]+)/target/classes", "quiver-$1")
                                : entry.replaceAll(".*/(.+?)-\\d.*\\.jar", "$1"))
                .sorted()
                .toList();
    }
}
