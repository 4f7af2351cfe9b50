package dev.quiver.dashboard;

import java.util.Locale;

/// Text within HTML and SVG, and numbers as people read them.
final class Markup {
    private static final int CONTROLS = 32;
    private static final String[] SIZES = {"B", "KB", "MB", "GB", "TB"};
    private static final long KILO = 1024;
    private static final long MILLIS = 1000;
    private static final long SECONDS = 1_000_000;
    private static final long MINUTES = 60 * SECONDS;

    private Markup() {}

    /// The text as content or as an attribute's value: none of its characters means anything.
    static String escaped(String text) {
        var out = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> {
                    switch (c) {
                        case '<' -> out.append("&lt;");
                        case '>' -> out.append("&gt;");
                        case '&' -> out.append("&amp;");
                        case '"' -> out.append("&quot;");
                        case '\'' -> out.append("&#39;");
                        default -> {
                            boolean isSurrogate =
                                    c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
                            boolean isControl = c < CONTROLS && c != '\n' && c != '\t';
                            if (isControl || isSurrogate || c >= 0xFFFE && c <= 0xFFFF)
                                out.append('\uFFFD');
                            else out.appendCodePoint(c);
                        }
                    }
                });
        return out.toString();
    }

    /// At most so many characters.
    static String cut(String text, int characters) {
        return text.length() <= characters ? text : text.substring(0, characters - 1) + "…";
    }

    static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    static String bytes(long n) {
        double value = n;
        int unit = 0;
        while (value >= KILO && unit < SIZES.length - 1) {
            value /= KILO;
            unit++;
        }
        return unit == 0 ? n + " B" : decimal(value) + ' ' + SIZES[unit];
    }

    /// @param micros a time in microseconds
    static String duration(long micros) {
        if (micros < MILLIS) return micros + " µs";
        if (micros < SECONDS) return decimal(micros / (double) MILLIS) + " ms";
        if (micros < 2 * MINUTES) return decimal(micros / (double) SECONDS) + " s";
        return count(micros / MINUTES) + " min";
    }

    /// Three digits.
    private static String decimal(double value) {
        int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
