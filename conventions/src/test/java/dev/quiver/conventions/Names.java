package dev.quiver.conventions;

import com.sun.source.tree.ClassTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Words that say nothing about what a type is.
final class Names {
    private enum Place {
        ANYWHERE,
        LAST
    }

    private record Banned(String word, Place place, String use) {}

    private static final List<Banned> BANNED =
            List.of(
                    new Banned(
                            "Util",
                            Place.ANYWHERE,
                            "the type that the method is about, or a noun such as Hashing"),
                    new Banned(
                            "Utils",
                            Place.ANYWHERE,
                            "the type that the method is about, or a noun such as Hashing"),
                    new Banned(
                            "Utility",
                            Place.ANYWHERE,
                            "the type that the method is about, or a noun such as Hashing"),
                    new Banned("Helper", Place.ANYWHERE, "a noun for what it is"),
                    new Banned("Helpers", Place.ANYWHERE, "a noun for what it is"),
                    new Banned(
                            "Impl",
                            Place.ANYWHERE,
                            "what sets this one apart, such as OpenSession"),
                    new Banned("Abstract", Place.ANYWHERE, "a sealed interface, or composition"),
                    new Banned(
                            "Manager",
                            Place.ANYWHERE,
                            "what it holds or decides, such as Placement"),
                    new Banned(
                            "Processor", Place.ANYWHERE, "what it does to what, such as CsvScan"),
                    new Banned("Info", Place.LAST, "a noun for what it holds, such as FileVersion"),
                    new Banned("Data", Place.LAST, "a noun for what it holds, such as Column"));

    private Names() {}

    static List<Violation> violations(List<JavaSource> sources) {
        var violations = new ArrayList<Violation>();
        for (var source : sources) {
            new TypeScanner(source, violations).scan(source.unit(), null);
        }
        return violations;
    }

    private static List<String> words(String name) {
        return List.of(name.split("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_"));
    }

    private static final class TypeScanner extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final JavaSource source;
        private final List<Violation> violations;

        TypeScanner(JavaSource source, List<Violation> violations) {
            this.source = source;
            this.violations = violations;
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, @Nullable Void ignored) {
            String name = tree.getSimpleName().toString();
            List<String> words = words(name);
            for (var banned : BANNED) {
                boolean isFound =
                        switch (banned.place()) {
                            case ANYWHERE -> words.contains(banned.word());
                            case LAST -> words.getLast().equals(banned.word());
                        };
                if (!isFound) continue;
                violations.add(
                        new Violation(
                                source.path(),
                                source.line(tree),
                                "the name %s holds '%s'".formatted(name, banned.word()),
                                banned.use()));
            }
            return super.visitClass(tree, null);
        }
    }
}
