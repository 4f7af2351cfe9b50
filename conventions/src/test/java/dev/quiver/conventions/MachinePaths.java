package dev.quiver.conventions;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Paths that exist on one machine only.
final class MachinePaths {
    private static final Pattern PATH =
            Pattern.compile(
                    "(?<![\\w.}*])/(?:root|work|Users/\\w+|home/(?!linuxbrew\\b)\\w+)/[\\w.]|[A-Z]:\\\\Users\\\\|\\.\\./shared/");

    private MachinePaths() {}

    static List<Violation> violations(Map<String, String> textByPath) {
        var violations = new ArrayList<Violation>();
        textByPath.forEach((path, text) -> {
            if (text.indexOf('\0') >= 0) return;
            var matcher = PATH.matcher(text);
            while (matcher.find()) {
                long line =
                        1
                                + text.substring(0, matcher.start())
                                        .chars()
                                        .filter(c -> c == '\n')
                                        .count();
                violations.add(
                        new Violation(
                                path,
                                line,
                                "'%s…' is a path of one machine".formatted(matcher.group()),
                                "a path relative to the repository, or a temporary directory"));
            }
        });
        return violations;
    }
}
