package dev.quiver.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import javax.tools.ToolProvider;

/// Compiles code of the documents and runs it.
final class Snippets {
    private static final char MARK = '\u0001';

    private Snippets() {}

    /// A class whose `run(q)` holds the blocks one behind the other, as a reader would type them.
    static String page(String name, List<String> blocks) {
        var text =
                new StringBuilder(
                        """
                        import dev.quiver.client.*;
                        import dev.quiver.dataframe.*;
                        import dev.quiver.pipeline.*;
                        import dev.quiver.pipeline.alert.*;
                        import dev.quiver.pipeline.history.*;
                        import dev.quiver.pipeline.serve.*;
                        import dev.quiver.schema.*;
                        import static dev.quiver.dataframe.Functions.*;
                        import java.nio.file.*;
                        import java.time.*;
                        import java.util.*;
                        import java.util.concurrent.CompletableFuture;
                        import java.util.stream.Collectors;

                        public class %s {
                            public static void run(Session q) throws Exception {
                        """
                                .formatted(name));
        for (String block : blocks) {
            text.append(block).append("\nSystem.out.print('\\u0001');\n");
        }
        return text.append("    }\n}\n").toString();
    }

    /// Compiles one source file into a directory and gives its class.
    static Class<?> compiled(Path directory, String name, String text) throws Exception {
        Path source = directory.resolve(name + ".java");
        Files.writeString(source, text);
        var problems = new ByteArrayOutputStream();
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                problems,
                                "-d",
                                directory.toString(),
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                source.toString());
        assertThat(status)
                .as("compiling %s:%n%s", name, problems.toString(StandardCharsets.UTF_8))
                .isZero();
        // Stays open: threads of the session may load classes late.
        var loader =
                new URLClassLoader(
                        new URL[] {directory.toUri().toURL()}, Snippets.class.getClassLoader());
        return loader.loadClass(name);
    }

    /// What an action prints, in parts that end at the mark; lines without blanks at their ends.
    static List<String> printed(Callable<?> action) throws Exception {
        var bytes = new ByteArrayOutputStream();
        PrintStream before = System.out;
        try (var stream = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(stream);
            action.call();
        } finally {
            System.setOut(before);
        }
        String all = bytes.toString(StandardCharsets.UTF_8);
        return List.of(all.split(String.valueOf(MARK), -1)).stream()
                .map(part -> withoutBlankEdges(part.replaceAll("(?m)[ \t]+$", "")))
                .toList();
    }

    /// The code with its relative output paths in a directory of the test.
    static String inDirectory(String code, Path directory) {
        return code.replace("\"out/", "\"" + directory + "/")
                .replace(": out/", ": " + directory + "/"); // in YAML
    }

    static Path root() throws IOException {
        Path root = Path.of(System.getProperty("quiver.root", "..")).toRealPath();
        assertThat(root.resolve("README.md")).exists();
        return root;
    }

    /// The text without empty lines before and behind; the first line keeps its indentation.
    static String withoutBlankEdges(String text) {
        return text.replaceFirst("^(?:[ \\t]*\\n)+", "").stripTrailing();
    }
}
