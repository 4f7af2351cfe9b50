package dev.quiver.worker.user.ship;

import java.io.File;
import java.util.Map;
import java.util.regex.Pattern;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.execution.LocalExecutionControlProvider;
import org.jspecify.annotations.Nullable;

/// A JShell in this JVM, into which a test writes cells.
final class Cells implements AutoCloseable {
    /// What the cells name: of all jars the compiler would read the lists.
    private static final String CLASSES = "(worker|dataframe|core)[/-].*(classes|jar)$";

    private final JShell shell;

    Cells() {
        this(
                JShell.builder()
                        .executionEngine(new LocalExecutionControlProvider(), Map.of())
                        .build(),
                CLASSES);
    }

    /// Cells in a JVM that has nothing of this one.
    static Cells withLibraries(JShell shell) {
        return new Cells(shell, CLASSES + "|kryo|minlog|objenesis|reflectasm");
    }

    private Cells(JShell shell, String pattern) {
        this.shell = shell;
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (Pattern.compile(pattern).matcher(part).find()) shell.addToClasspath(part);
        }
        run("import dev.quiver.worker.user.ship.Desk;");
        run("import dev.quiver.dataframe.Call;");
        run("import java.util.*;");
    }

    /// Runs a cell.
    ///
    /// @return the text of its last value
    @Nullable String run(String cell) {
        String rest = cell;
        String value = null;
        while (!rest.isBlank()) {
            SourceCodeAnalysis.CompletionInfo info =
                    shell.sourceCodeAnalysis().analyzeCompletion(rest);
            String source = info.source() == null ? rest : info.source();
            for (SnippetEvent event : shell.eval(source)) value = value(event);
            rest = info.source() == null ? "" : info.remaining();
        }
        return value;
    }

    private @Nullable String value(SnippetEvent event) {
        if (event.status() == Snippet.Status.REJECTED) {
            var text = new StringBuilder(event.snippet().source());
            shell.diagnostics(event.snippet())
                    .forEach(d -> text.append("\n").append(d.getMessage(null)));
            throw new AssertionError(text.toString());
        }
        if (event.exception() != null) throw new CellFailed(event.exception());
        return event.value();
    }

    /// A cell threw.
    static final class CellFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CellFailed(Throwable cause) {
            super(cause.getMessage(), cause);
        }
    }

    @Override
    public void close() {
        shell.close();
    }
}
