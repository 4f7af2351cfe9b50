package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `quiver new` writes compiles, runs and passes its own test.
final class NewProjectTest {
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    @TempDir private Path directory;

    @Test
    void a_new_project_compiles_and_its_main_and_its_test_run() throws Exception {
        Path project = directory.resolve("my-orders");

        Spoken made = Spoken.by("new", project.toString());

        assertThat(made.status()).as(made.err()).isZero();
        assertThat(made.out()).contains("src/main/java/org/example/Orders.java", "mvn test");
        assertThat(project.resolve(".gitignore")).exists();
        assertThat(project.resolve("pom.xml"))
                .content()
                .contains("<artifactId>my-orders</artifactId>")
                .doesNotContain("__");
        assertThat(project.resolve("README.md")).content().startsWith("# my-orders\n");
        String classPath = compiled(project) + File.pathSeparator + CLASS_PATH;
        Spoken ran = java(project, classPath, List.of("org.example.Orders"));
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out())
                .startsWith("orders-1: 5 rows loaded, 3 in quarantine\n")
                .contains("large", "Ann", "costs something", "7,Eli,0.0,2026-01-08");
        assertThat(java(project, classPath, List.of("org.example.Orders")).out())
                .startsWith("orders-2: 5 rows loaded, 3 in quarantine\n");
        Spoken tested =
                java(
                        project,
                        classPath,
                        List.of(TestRunner.class.getName(), "org.example.OrdersTest"));
        assertThat(tested.out()).as(tested.err()).endsWith("2 passed\n");
    }

    private static Path compiled(Path project) throws Exception {
        Path classes = Files.createDirectories(project.resolve("target/classes"));
        var problems = new ByteArrayOutputStream();
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                problems,
                                "-d",
                                classes.toString(),
                                "-cp",
                                CLASS_PATH,
                                project.resolve("src/main/java/org/example/Orders.java").toString(),
                                project.resolve("src/test/java/org/example/OrdersTest.java")
                                        .toString());
        assertThat(status).as(problems.toString(StandardCharsets.UTF_8)).isZero();
        return classes;
    }

    private static Spoken java(Path project, String classPath, List<String> arguments)
            throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", classPath));
        command.addAll(arguments);
        return Spoken.byProcess(project, Map.of(), command);
    }

    @Test
    void what_is_there_stays_and_names_that_maven_refuses_are_refused() throws Exception {
        Files.writeString(directory.resolve("mine.txt"), "mine");

        CommandTest.assertFailed(
                List.of("new", directory.toString()), "is there already", "TARGET_EXISTS");
        CommandTest.assertUsage(
                List.of("new", directory.resolve("a b").toString()),
                "a project called 'a b'",
                "use letters");
        CommandTest.assertUsage(List.of("new"), "quiver new needs NAME", "usage: quiver new");
        assertThat(directory).isDirectoryContaining("glob:**/mine.txt");
    }
}
