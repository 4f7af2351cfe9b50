package dev.quiver.expression;

/// What the text functions make of one text.
public final class Texts {
    private Texts() {}

    /// The count of code points.
    public static long length(String text) {
        return text.codePointCount(0, text.length());
    }

    /// The first and the last code point (exclusive, from 0) that `substring(start, count)` takes
    /// of a text of `length` code points. Positions count from 1, or from the end when negative; a
    /// negative count takes what lies before the start.
    ///
    /// @param count of code points, or [Long#MAX_VALUE] for all that follow
    public static int[] range(long length, long start, long count) {
        long from;
        if (start < 0) {
            from = Math.max(-length - 1, start) + length;
            if (start < -length) from = Math.max(start, -(1L << 40)) + length;
        } else {
            from = Math.min(start, length + 1) - 1;
        }
        long to;
        if (count == Long.MAX_VALUE) {
            to = length;
        } else if (count < 0) {
            long size = Math.min(-Math.max(count, -(1L << 40)), 1L << 40);
            to = from;
            from = to - size;
        } else {
            to = from + Math.min(count, 1L << 41);
        }
        int first = (int) Math.clamp(from, 0, length);
        int end = (int) Math.clamp(to, 0, length);
        return new int[] {first, Math.max(first, end)};
    }

    static String substring(String text, long start, long count) {
        int[] range = range(length(text), start, count);
        int from = text.offsetByCodePoints(0, range[0]);
        return text.substring(from, text.offsetByCodePoints(from, range[1] - range[0]));
    }

    /// The text without the space separators at its ends.
    public static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && space(text.codePointAt(from))) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (to > from && space(text.codePointBefore(to))) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    private static boolean space(int letter) {
        return Character.getType(letter) == Character.SPACE_SEPARATOR;
    }

    static String replace(String text, String search, String replacement) {
        return search.isEmpty() ? text : text.replace(search, replacement);
    }
}
