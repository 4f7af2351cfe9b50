package dev.quiver.conventions;

import static java.util.Objects.requireNonNull;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// A source file as the JDK's own parser sees it, without names resolved.
record JavaSource(String path, String text, CompilationUnitTree unit, SourcePositions positions) {

    /// Parses sources given by path.
    static List<JavaSource> parse(Map<String, String> textByPath) {
        var byUri = new LinkedHashMap<URI, Source>();
        textByPath.forEach((path, text) -> {
            var source = new Source(path, text);
            byUri.put(source.toUri(), source);
        });
        var problems = new DiagnosticCollector<JavaFileObject>();
        var task =
                (JavacTask)
                        ToolProvider.getSystemJavaCompiler()
                                .getTask(
                                        null,
                                        null,
                                        problems,
                                        List.of("-proc:none"),
                                        null,
                                        byUri.values());
        var positions = Trees.instance(task).getSourcePositions();
        var sources = new TreeMap<String, JavaSource>();
        try {
            for (var unit : task.parse()) {
                var file = requireNonNull(byUri.get(unit.getSourceFile().toUri()));
                sources.put(file.path, new JavaSource(file.path, file.text, unit, positions));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("parsing", e);
        }
        return List.copyOf(sources.values());
    }

    /// All sources of the modules, main and test.
    static List<JavaSource> all() {
        return parse(Repository.texts("[^/]+/src/(main|test|jmh)/java/.*\\.java"));
    }

    /// The line on which a tree starts, its annotations and modifiers included.
    long line(Tree tree) {
        return unit.getLineMap().getLineNumber(positions.getStartPosition(unit, tree));
    }

    /// How many lines of a tree hold code: not blank, not only comment.
    long codeLines(Tree tree, CodeLines lines) {
        long first = line(tree);
        long last = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, tree));
        return LongStream.rangeClosed(first, last).filter(lines::isCode).count();
    }

    /// The last part of the package's name.
    String packageLast() {
        var name = unit.getPackageName();
        if (name == null) return "";
        String text = name.toString();
        return text.substring(text.lastIndexOf('.') + 1);
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String path;
        private final String text;

        Source(String path, String text) {
            super(URI.create("text:///" + path.replace(' ', '_')), Kind.SOURCE);
            this.path = path;
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
