package dev.quiver.conventions;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How many code lines a file and a method may have; imports, comments and blank lines don't count.
final class CodeLimits {
    static final int FILE_LINES_MAX = 500;
    static final int METHOD_LINES_MAX = 50;
    static final int KERNEL_METHOD_LINES_MAX = 120;

    private CodeLimits() {}

    static List<Violation> violations(List<JavaSource> sources) {
        var violations = new ArrayList<Violation>();
        for (var source : sources) {
            var lines = new CodeLines(source.text());
            long count = lines.count();
            for (var statement : source.unit().getImports()) {
                count -= source.codeLines(statement, lines);
            }
            if (count > FILE_LINES_MAX) {
                violations.add(
                        new Violation(
                                source.path(),
                                1,
                                "file has %d code lines".formatted(count),
                                "at most %d: move what stands alone to a type of its own"
                                        .formatted(FILE_LINES_MAX)));
            }
            new MethodScanner(source, lines, violations).scan(source.unit(), null);
        }
        return violations;
    }

    private static final class MethodScanner extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final JavaSource source;
        private final CodeLines lines;
        private final List<Violation> violations;
        private String type = "";

        MethodScanner(JavaSource source, CodeLines lines, List<Violation> violations) {
            this.source = source;
            this.lines = lines;
            this.violations = violations;
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, @Nullable Void ignored) {
            String outer = type;
            if (!tree.getSimpleName().isEmpty()) type = tree.getSimpleName().toString();
            super.visitClass(tree, null);
            type = outer;
            return null;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree tree, @Nullable Void ignored) {
            boolean isKernel = source.packageLast().equals("kernel") || type.endsWith("Emitter");
            int max = isKernel ? KERNEL_METHOD_LINES_MAX : METHOD_LINES_MAX;
            long count = source.codeLines(tree, lines);
            if (count > max) {
                violations.add(
                        new Violation(
                                source.path(),
                                source.line(tree),
                                "method %s has %d code lines".formatted(tree.getName(), count),
                                "at most %d: give each part a name".formatted(max)));
            }
            return super.visitMethod(tree, null);
        }
    }
}
