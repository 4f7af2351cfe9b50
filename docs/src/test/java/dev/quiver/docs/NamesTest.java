package dev.quiver.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The API's names can stand beside those that Java's users import most.
final class NamesTest {
    private static final Pattern PUBLIC_TYPE =
            Pattern.compile(
                    "^public (?:sealed |non-sealed |final )*(?:interface|class|record|enum) (\\w+)",
                    Pattern.MULTILINE);
    private static final List<String> OURS =
            List.of(
                    "import dev.quiver.client.*;",
                    "import dev.quiver.client.Delayed;", // java.util.concurrent has one too
                    "import dev.quiver.dataframe.*;",
                    "import dev.quiver.pipeline.*;",
                    "import dev.quiver.schema.*;",
                    "import static dev.quiver.dataframe.Functions.*;");
    private static final List<String> JSHELLS =
            List.of(
                    "import java.io.*;",
                    "import java.math.*;",
                    "import java.net.*;",
                    "import java.nio.file.*;",
                    "import java.util.*;",
                    "import java.util.concurrent.*;",
                    "import java.util.function.*;",
                    "import java.util.prefs.*;",
                    "import java.util.regex.*;",
                    "import java.util.stream.*;");

    @TempDir private Path directory;

    @Test
    void every_public_type_can_be_named_beside_jshells_imports() throws Exception {
        var text = new StringBuilder(String.join("\n", OURS)).append('\n');
        text.append(String.join("\n", JSHELLS)).append('\n');
        text.append("import static java.util.stream.Collectors.*;\nclass Names {\n");
        for (String type : publicTypes()) {
            text.append("    Class<?> its%s = %s.class;%n".formatted(type, type));
        }

        Class<?> compiled = Snippets.compiled(directory, "Names", text.append("}\n").toString());

        assertThat(compiled.getDeclaredFields()).hasSizeGreaterThan(30);
    }

    @Test
    void a_query_runs_in_jshell() {
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            shell.addToClasspath(classPath());
            Stream.concat(JSHELLS.stream(), OURS.stream()).forEach(line -> eval(shell, line));
            eval(shell, "record Trade(String symbol, long size) {}");
            eval(shell, "var q = Quiver.local();");
            eval(
                    shell,
                    "var trades = q.of(Trade.class, List.of(new Trade(\"A\", 3), new Trade(\"A\","
                            + " 4)));");
            eval(shell, "var sums = trades.groupBy(\"symbol\").agg(sum(\"size\"));");

            String sum = eval(shell, "sums.collect().longs(\"size_sum\")[0]");
            eval(shell, "q.close();");

            assertThat(sum).isEqualTo("7");
        }
    }

    private static String eval(JShell shell, String code) {
        String value = "";
        for (SnippetEvent event : shell.eval(code)) {
            assertThat(event.exception()).as(code).isNull();
            assertThat(event.status())
                    .as("%s: %s", code, shell.diagnostics(event.snippet()).toList())
                    .isEqualTo(Snippet.Status.VALID);
            if (event.value() != null) value = event.value();
        }
        return value;
    }

    private static SortedSet<String> publicTypes() throws IOException {
        Path root = Snippets.root();
        var types = new TreeSet<String>();
        for (String place :
                List.of(
                        "client-api/src/main/java/dev/quiver/client",
                        "dataframe/src/main/java/dev/quiver/dataframe",
                        "core/src/main/java/dev/quiver/schema")) {
            try (Stream<Path> files = Files.list(root.resolve(place))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    var matcher = PUBLIC_TYPE.matcher(Files.readString(file));
                    if (matcher.find()) types.add(matcher.group(1));
                }
            }
        }
        return types;
    }

    private static String classPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
