package dev.quiver.deploy;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a terminal can draw: colours or none, blocks or plain characters. What a colour says a
/// character says, too.
///
/// @param colours whether there are any
/// @param blocks whether block characters can be drawn
record TopInk(boolean colours, boolean blocks) {
    private static final List<String> LEVELS = List.of("▁", "▂", "▃", "▄", "▅", "▆", "▇", "█");
    private static final String END = "\u001b[0m";

    /// What a part of the screen is.
    enum Part {
        TITLE("1"),
        HEAD("2"),
        DONE("34"),
        RUNNING("36"),
        REST("2"),
        FAILED("31"),
        ALERT("1;31");

        private final String code;

        Part(String code) {
            this.code = code;
        }
    }

    /// What the environment says of the terminal.
    static TopInk of(Map<String, String> environment, boolean isTerminal) {
        boolean isDumb = "dumb".equals(environment.getOrDefault("TERM", "dumb"));
        boolean isPlain = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        String locale = "";
        for (String name : List.of("LC_ALL", "LC_CTYPE", "LANG"))
            if (locale.isEmpty()) locale = environment.getOrDefault(name, "");
        boolean isNarrow =
                !locale.isEmpty()
                        && !locale.toUpperCase(Locale.ROOT).replace("-", "").contains("UTF8");
        return new TopInk(isTerminal && !isDumb && !isPlain, !isNarrow);
    }

    String as(Part part, String text) {
        return colours && !text.isEmpty() ? "\u001b[" + part.code + "m" + text + END : text;
    }

    /// A bar: what is done, what failed, what runs, and the rest.
    String bar(int width, long done, long failed, long running, long total) {
        if (total <= 0) return as(Part.REST, (blocks ? "░" : ".").repeat(width));
        int doneWidth = part(width, done, total);
        int failedWidth =
                Math.min(
                        width - doneWidth,
                        failed > 0 ? Math.max(1, part(width, failed, total)) : 0);
        int left = width - doneWidth - failedWidth;
        int runningWidth =
                Math.min(left, running > 0 ? Math.max(1, part(width, running, total)) : 0);
        return as(Part.DONE, (blocks ? "█" : "#").repeat(doneWidth))
                + as(Part.FAILED, "x".repeat(failedWidth))
                + as(Part.RUNNING, (blocks ? "▒" : "=").repeat(runningWidth))
                + as(Part.REST, (blocks ? "░" : ".").repeat(left - runningWidth));
    }

    private static int part(int width, long count, long total) {
        return Math.clamp((long) ((double) width * count / total), 0, width);
    }

    /// Values as a line of small columns; empty where these can't be drawn.
    String columns(List<Double> values) {
        if (!blocks) return "";
        double most = values.stream().mapToDouble(v -> v).max().orElse(0);
        var text = new StringBuilder();
        for (double value : values) {
            int level = most <= 0 ? 0 : (int) Math.round((LEVELS.size() - 1) * value / most);
            text.append(LEVELS.get(level));
        }
        return as(Part.DONE, text.toString());
    }

    /// A line with only what can be drawn.
    String drawn(String line) {
        return blocks ? line : line.replace('…', '~');
    }

    String separator() {
        return blocks ? " · " : ", ";
    }
}
