package dev.quiver.dataframe.chart;

/// Text in HTML and SVG.
public final class Markup {
    private Markup() {}

    /// A text as it is written between tags and in quoted attributes: no part of it is markup.
    public static String text(String text) {
        var escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(isForbidden(c) ? '\uFFFD' : c);
            }
        }
        return escaped.toString();
    }

    /// Control characters that XML doesn't know.
    private static boolean isForbidden(char c) {
        return c < ' ' && c != '\n' && c != '\t' && c != '\r';
    }
}
