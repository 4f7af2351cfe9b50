package dev.quiver.conventions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each convention catches what it is there to catch.
final class PlantedViolationsTest {
    @Test
    void a_method_of_51_code_lines_is_found_and_one_of_50_is_not() {
        String methods = method("fits", 48) + "\n" + method("tooLong", 49);
        String text = "package p;\nfinal class A {\n" + methods + "\n}\n";

        var found = CodeLimits.violations(parse("m/src/main/java/p/A.java", text));

        assertThat(found)
                .singleElement()
                .hasToString(
                        "m/src/main/java/p/A.java:54: method tooLong has 51 code lines,"
                                + " use at most 50: give each part a name");
    }

    @Test
    void kernels_and_emitters_may_have_120_lines_a_method() {
        String kernel = "package p.kernel;\nclass A {\n%s}\n".formatted(method("m", 118));
        String emitter = "package p;\nclass LoopEmitter {\n%s}\n".formatted(method("m", 119));

        assertThat(CodeLimits.violations(parse("m/src/main/java/p/kernel/A.java", kernel)))
                .isEmpty();
        assertThat(CodeLimits.violations(parse("m/src/main/java/p/LoopEmitter.java", emitter)))
                .hasSize(1);
    }

    @Test
    void comments_blank_lines_and_imports_do_not_count_but_text_blocks_do() {
        String comments = "// a comment\n\n/* and\n more */\n".repeat(400);
        String imports = "import java.util.List;\n".repeat(400);
        String block = "String s = \"\"\"\n" + "// text\n".repeat(498) + "\"\"\";\n";
        String text = "package p;\n" + imports + comments + "class A {\n" + block + "}\n";

        var found = CodeLimits.violations(parse("m/src/main/java/p/A.java", text));

        assertThat(found)
                .singleElement()
                .extracting(Violation::what)
                .isEqualTo("file has 503 code lines");
    }

    @Test
    void names_that_say_nothing_are_found_wherever_they_are() {
        String text =
                """
                package p;
                class StringUtils {}
                class SimpleImplicit { interface SessionImpl {} }
                record InfoPage() {}
                record FileInfo() {}
                enum DataType {}
                """;

        var found = Names.violations(parse("m/src/test/java/p/A.java", text));

        assertThat(found)
                .extracting(Violation::what)
                .containsExactly(
                        "the name StringUtils holds 'Utils'",
                        "the name SessionImpl holds 'Impl'",
                        "the name FileInfo holds 'Info'");
    }

    @Test
    void tests_that_would_be_skipped_are_found() {
        String text =
                """
                package p;
                class ATest {
                    @Disabled @Test void a() {}
                    @EnabledIfSystemProperty(named = "x", matches = "y") @Test void b() {}
                    @Test void c() { assumeTrue(false); }
                    @Test void d() { Assumptions.abort(); connection.abort(); }
                }
                """;

        var found = SkippedTests.violations(parse("m/src/test/java/p/ATest.java", text));

        assertThat(found).extracting(Violation::line).containsExactly(3L, 4L, 5L, 6L);
    }

    @Test
    void paths_of_one_machine_are_found() {
        String home = "/" + "home/someone/x";
        String text = "fine\n/usr/lib/jvm\n" + home + "\na/work/x\n${d}/work/x\n";

        var found = MachinePaths.violations(Map.of("README.md", text));

        assertThat(found).extracting(Violation::line).containsExactly(3L);
    }

    @Test
    void a_clock_a_hash_map_and_a_constructor_reference_in_a_state_package_are_found(
            @TempDir Path directory) throws IOException {
        String text =
                """
                package p.state;
                import java.util.*;
                final class A {
                    long now() { return System.nanoTime(); }
                    Map<String, String> map = new LinkedHashMap<>();
                    java.util.function.Supplier<Set<String>> set = HashSet::new;
                    Map<String, String> fixed() {
                        return Map.of("a", "b");
                    }
                }
                """;
        compile(directory, "p/state/A.java", text);

        var found = Purity.violations("m", directory);

        assertThat(found)
                .extracting(violation -> violation.line() + " " + violation.what())
                .containsExactlyInAnyOrder(
                        "4 java.lang.System.nanoTime in a state machine",
                        "6 java.util.HashSet in a state machine",
                        "6 java.util.HashSet.<init> in a state machine",
                        "8 java.util.Map.of in a state machine");
        assertThat(found)
                .extracting(Violation::file)
                .containsOnly("m/src/main/java/p/state/A.java");
    }

    @Test
    void the_same_code_outside_a_state_package_is_left_alone(@TempDir Path directory)
            throws IOException {
        compile(directory, "p/A.java", "package p; class A { long t = System.nanoTime(); }");

        assertThat(Purity.violations("m", directory)).isEmpty();
    }

    @Test
    void a_class_that_reaches_down_the_table_is_found(@TempDir Path directory) throws IOException {
        var table = new ModuleTable(new LinkedHashMap<>(Map.of("low", List.of())));
        table.dependencies().put("high", List.of("low"));
        Path low = Files.createDirectory(directory.resolve("low"));
        Path high = Files.createDirectory(directory.resolve("high"));
        compile(high, "h/High.java", "package h; public class High { public static int x; }");
        compile(
                low,
                "l/Low.java",
                "package l;\npublic class Low {\n int up() { return h.High.x; }\n}",
                high);
        compile(high, "h/Fine.java", "package h; public class Fine extends l.Low {}", low);

        var found = Layering.violations(table, Map.of("low", low, "high", high));

        assertThat(found)
                .singleElement()
                .hasToString(
                        "low/src/main/java/l/Low.java:3: low uses h.High of module high,"
                                + " use only the modules [low], or a small interface found by"
                                + " ServiceLoader");
    }

    @Test
    void a_package_in_two_modules_is_found(@TempDir Path directory) throws IOException {
        var table = new ModuleTable(Map.of("one", List.of(), "two", List.of()));
        Path one = Files.createDirectory(directory.resolve("one"));
        Path two = Files.createDirectory(directory.resolve("two"));
        compile(one, "p/A.java", "package p; class A {}");
        compile(two, "p/B.java", "package p; class B {}");

        var found = Layering.violations(table, Map.of("one", one, "two", two));

        assertThat(found)
                .singleElement()
                .extracting(Violation::what)
                .asString()
                .startsWith("package p is in");
    }

    private static String method(String name, int lines) {
        return "void " + name + "() {\n" + "    x = 1;\n".repeat(lines) + "}\n";
    }

    private static List<JavaSource> parse(String path, String text) {
        return JavaSource.parse(Map.of(path, text));
    }

    private static void compile(Path directory, String name, String text, Path... classPath)
            throws IOException {
        Path source = directory.resolve(name);
        Files.createDirectories(Objects.requireNonNull(source.getParent()));
        Files.writeString(source, text);
        var path = new StringBuilder(directory.toString());
        for (Path more : classPath) path.append(java.io.File.pathSeparator).append(more);
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-d",
                                directory.toString(),
                                "-cp",
                                path.toString(),
                                source.toString());
        assertThat(status).as("compiling %s", name).isZero();
    }
}
