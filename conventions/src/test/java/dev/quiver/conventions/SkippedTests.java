package dev.quiver.conventions;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Ways to write a test that doesn't run and still passes.
final class SkippedTests {
    private static final Set<String> ASSUMPTIONS =
            Set.of(
                    "assumeTrue",
                    "assumeFalse",
                    "assumingThat",
                    "assumeThat",
                    "assumeThatCode",
                    "abort");

    private SkippedTests() {}

    static List<Violation> violations(List<JavaSource> sources) {
        var violations = new ArrayList<Violation>();
        for (var source : sources) {
            if (!source.path().contains("/src/test/")) continue;
            new SkipScanner(source, violations).scan(source.unit(), null);
        }
        return violations;
    }

    private static final class SkipScanner extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final JavaSource source;
        private final List<Violation> violations;

        SkipScanner(JavaSource source, List<Violation> violations) {
            this.source = source;
            this.violations = violations;
        }

        @Override
        public @Nullable Void visitAnnotation(AnnotationTree tree, @Nullable Void ignored) {
            String name = lastName(tree.getAnnotationType());
            if (name.matches("Ignore|Disabled.*|Enabled(If|On|For).*")) {
                add(tree, "@" + name + " hides a test");
            }
            return super.visitAnnotation(tree, null);
        }

        @Override
        public @Nullable Void visitMethodInvocation(
                MethodInvocationTree tree, @Nullable Void ignored) {
            String name = lastName(tree.getMethodSelect());
            boolean isAbort = name.equals("abort");
            if (ASSUMPTIONS.contains(name)
                    && (!isAbort || tree.getMethodSelect().toString().startsWith("Assumptions."))) {
                add(tree, name + " hides a test");
            }
            return super.visitMethodInvocation(tree, null);
        }

        private void add(Tree tree, String what) {
            violations.add(
                    new Violation(
                            source.path(),
                            source.line(tree),
                            what,
                            "@Tag(\"browser\"), @Tag(\"python\"), @Tag(\"root\") or"
                                    + " @Tag(\"packaged\") for what a machine may lack"));
        }

        private static String lastName(Tree tree) {
            return switch (tree) {
                case IdentifierTree identifier -> identifier.getName().toString();
                case MemberSelectTree select -> select.getIdentifier().toString();
                default -> "";
            };
        }
    }
}
