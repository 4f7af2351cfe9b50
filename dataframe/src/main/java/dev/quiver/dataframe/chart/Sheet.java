package dev.quiver.dataframe.chart;

import java.util.Locale;

/// An SVG under construction: a title on top, notes below, and between them what is drawn. Letters
/// and lines have the colour of the text around the picture, marks a blue that stands out from
/// light and dark and that everybody can tell from grey.
final class Sheet {
    static final int WIDTH = 640;
    static final int RIGHT = 16;
    static final int TOP = 40;
    static final String MARK = "#1f83c8";

    private static final int NOTE_HEIGHT = 20;
    private static final double CHARACTER_WIDTH = 6.6;

    private final Caption caption;
    private final int height;
    private final StringBuilder content = new StringBuilder();

    /// @param height without the notes
    Sheet(Caption caption, int height) {
        this.caption = caption;
        this.height = height;
    }

    /// About how wide a text is.
    static double width(String text) {
        return CHARACTER_WIDTH * text.codePointCount(0, text.length());
    }

    static String cut(String text, int most) {
        if (text.codePointCount(0, text.length()) <= most) return text;
        return text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
    }

    /// @param markup in which texts are escaped
    void add(String markup) {
        content.append(markup);
    }

    /// @param anchor `start`, `middle` or `end`
    void label(double x, double y, String anchor, String text) {
        add(
                String.format(
                        Locale.ROOT,
                        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\""
                                + " fill=\"currentColor\">%s</text>",
                        x,
                        y,
                        anchor,
                        Markup.text(text)));
    }

    /// A thin line of the grid.
    void line(double x1, double y1, double x2, double y2) {
        add(
                String.format(
                        Locale.ROOT,
                        "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"currentColor\""
                                + " stroke-opacity=\"0.2\"/>",
                        x1,
                        y1,
                        x2,
                        y2));
    }

    /// The ticks and the name of the horizontal axis.
    ///
    /// @param left where it begins
    /// @param bottom where its line is
    void across(Scale scale, double left, double bottom, String name) {
        double span = WIDTH - RIGHT - left;
        int most = scale.kind() == Scale.Kind.TIME ? 6 : 8;
        for (Tick tick : scale.ticks(most)) {
            double x = left + span * scale.at(tick.value());
            line(x, TOP, x, bottom + 4);
            double half = width(tick.label()) / 2;
            label(Math.min(x, WIDTH - half), bottom + 18, "middle", tick.label());
        }
        label(left + span / 2, bottom + 36, "middle", cut(name, 60));
    }

    /// The ticks and the name of the vertical axis.
    ///
    /// @param left where its line is
    /// @param bottom where it begins
    void up(Scale scale, double left, double bottom, String name) {
        for (Tick tick : scale.ticks(6)) {
            double y = bottom - (bottom - TOP) * scale.at(tick.value());
            line(left, y, WIDTH - RIGHT, y);
            label(left - 6, y + 4, "end", tick.label());
        }
        label(8, TOP - 10, "start", cut(name, 40));
    }

    String svg() {
        String note = caption.note();
        int full = height + (note.isEmpty() ? 0 : NOTE_HEIGHT);
        String about = caption.title() + (note.isEmpty() ? "" : "; " + note);
        return String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                        + " viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\""
                        + " font-family=\"system-ui, sans-serif\" font-size=\"12\"><text"
                        + " x=\"%d\" y=\"16\" text-anchor=\"middle\" font-size=\"14\""
                        + " font-weight=\"600\" fill=\"currentColor\">%s</text>%s%s</svg>",
                WIDTH,
                full,
                WIDTH,
                full,
                Markup.text(about),
                WIDTH / 2,
                Markup.text(cut(caption.title(), 80)),
                content,
                note.isEmpty()
                        ? ""
                        : "<text x=\"8\" y=\"%d\" fill=\"currentColor\" fill-opacity=\"0.75\">%s</text>"
                                .formatted(height + 12, Markup.text(cut(note, 100))));
    }
}
