package dev.quiver.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.cluster.fault.TestCluster;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A session in JShell, whose snippets run in a JVM of their own, on a cluster of processes.
@Timeout(120)
final class JShellTest {
    @TempDir private Path directory;

    private static JShell shell() {
        List<String> flags =
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(flag -> flag.startsWith("--"))
                        .toList();
        JShell shell =
                JShell.builder()
                        .remoteVMOptions(flags.toArray(String[]::new))
                        .compilerOptions("-proc:none")
                        .build();
        shell.addToClasspath(
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")));
        return shell;
    }

    /// The value of the last snippet.
    private static String run(JShell shell, String source) {
        String value = "";
        String rest = source;
        while (!rest.isBlank()) {
            SourceCodeAnalysis.CompletionInfo part =
                    shell.sourceCodeAnalysis().analyzeCompletion(rest);
            for (SnippetEvent event : shell.eval(part.source())) {
                List<String> problems = new ArrayList<>();
                shell.diagnostics(event.snippet()).forEach(d -> problems.add(d.getMessage(null)));
                assertThat(problems).as(part.source()).isEmpty();
                if (event.exception() != null) throw new AssertionError(event.exception());
                if (event.causeSnippet() == null) value = String.valueOf(event.value());
            }
            rest = part.remaining();
        }
        return value;
    }

    @Test
    void its_lambdas_records_and_variables_run_on_workers_also_when_defined_anew()
            throws Exception {
        Path file = Files.writeString(directory.resolve("ids.csv"), "id\n3\n7\n11\n");
        try (TestCluster cluster = TestCluster.start(directory, 2);
                JShell shell = shell()) {
            run(
                    shell,
                    "import java.util.*; import dev.quiver.client.*; import"
                            + " dev.quiver.dataframe.*;");
            run(shell, "import static dev.quiver.dataframe.Functions.*;");
            run(shell, "var q = Quiver.connect(\"%s\");".formatted(cluster.address()));

            run(shell, "int factor = 3; record Pair(int a, int b) {}");
            String pairs =
                    run(
                            shell,
                            "q.gather(q.map(x -> new Pair(x, x * factor), List.of(1, 2)))"
                                    + ".toString()");
            String sums =
                    run(
                            shell,
                            "q.gather(q.map(p -> p.a() + p.b() + factor, List.of(new Pair(1, 2),"
                                    + " new Pair(3, 4)))).toString()");
            run(shell, "factor = 5; int twice(int x) { return 2 * x; }");
            String again = run(shell, "q.submit(() -> twice(factor)).result()");
            String rows =
                    run(
                            shell,
                            "q.read().csv(\"%s\").filter(col(\"id\").lt(10)).count()"
                                    .formatted(file));
            run(shell, "NamedQueue<Pair> queue = q.queue(\"pairs\"); queue.put(new Pair(8, 9));");
            String queued =
                    run(
                            shell,
                            "q.submit(() -> { NamedQueue<Pair> there ="
                                    + " Quiver.current().queue(\"pairs\"); there.put(new Pair(6,"
                                    + " there.take().b())); return null; }).result();"
                                    + " queue.take().toString()");
            run(shell, "q.close();");

            assertThat(queued).isEqualTo("\"Pair[a=6, b=9]\"");
            assertThat(sums).isEqualTo("\"[6, 10]\"");
            assertThat(pairs).isEqualTo("\"[Pair[a=1, b=3], Pair[a=2, b=6]]\"");
            assertThat(again).isEqualTo("10");
            assertThat(rows).isEqualTo("2");
        }
    }
}
