package dev.quiver.conventions;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.stream.Collectors;

/// One place that breaks a convention, and what to write instead.
record Violation(String file, long line, String what, String use) {
    @Override
    public String toString() {
        return "%s:%d: %s, use %s".formatted(file, line, what, use);
    }

    /// Fails with one line a violation, or passes when there is none.
    static void assertNone(List<Violation> violations) {
        if (violations.isEmpty()) return;
        fail(
                violations.stream()
                        .map(Violation::toString)
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining("\n", "\n", "\n")));
    }
}
