package dev.quiver.dataframe.chart;

import java.util.List;

/// Bars of block characters, a line each.
final class TextBars {
    static final int COLUMNS = 80;

    private static final String EIGHTHS = " ▏▎▍▌▋▊▉";
    private static final int LABEL_MAX = 24;

    private TextBars() {}

    /// A bar and what it says at both ends.
    ///
    /// @param share of the longest bar, 0 to 1
    record Line(String label, double share, String value) {}

    static String of(Caption caption, List<Line> lines) {
        int label = 1;
        int value = 1;
        for (Line line : lines) {
            label = Math.max(label, Math.min(LABEL_MAX, length(line.label())));
            value = Math.max(value, length(line.value()));
        }
        int room = COLUMNS - label - value - 2;
        var text = new StringBuilder(Sheet.cut(caption.title(), COLUMNS));
        for (Line line : lines) {
            String name = Sheet.cut(line.label(), LABEL_MAX);
            text.append('\n').append(name).append(" ".repeat(label - length(name) + 1));
            text.append(bar(line.share(), room)).append(' ').append(line.value());
        }
        return caption.notes().isEmpty() ? text.toString() : text + "\n" + caption.note();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String bar(double share, int room) {
        int eighths = (int) Math.round(Math.max(0, Math.min(1, share)) * room * 8);
        if (eighths == 0 && share > 0) eighths = 1;
        String end = eighths % 8 == 0 ? "" : EIGHTHS.substring(eighths % 8, eighths % 8 + 1);
        return "█".repeat(eighths / 8) + end;
    }
}
