package dev.quiver.columnar.memory;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Numbers of bytes as people write them: `512MB`, `1.5 GiB`. Units are powers of 1024.
public final class ByteSize {
    private static final Pattern TEXT =
            Pattern.compile(
                    "\\s*(\\d+(?:\\.\\d+)?)\\s*([KMGT]?)i?B?\\s*", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "KMGT";

    private ByteSize() {}

    /// @throws QuiverException (ARGUMENT_INVALID) when the text isn't a size
    public static long parse(String text) {
        var matcher = TEXT.matcher(text);
        if (!matcher.matches())
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "'%s' is not a size".formatted(text),
                    List.of(),
                    "write a number and a unit, such as 512MB or 1.5GB");
        String unit = matcher.group(2).toUpperCase(Locale.ROOT);
        int power = unit.isEmpty() ? 0 : UNITS.indexOf(unit) + 1;
        return (long) (Double.parseDouble(matcher.group(1)) * (1L << (10 * power)));
    }

    /// A size of something that can't be empty.
    ///
    /// @param what for people, as in `a partition`
    /// @throws QuiverException (ARGUMENT_INVALID) when the text isn't a size, or one of nothing
    public static long positive(String what, String text) {
        long bytes = parse(text);
        if (bytes > 0) return bytes;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "%s of '%s'".formatted(what, text),
                List.of(),
                "give a positive size such as \"16MB\"");
    }

    /// Three digits at most and a unit: `1.5 GB`.
    public static String text(long bytes) {
        if (bytes < 1024) return bytes + " B";
        double scaled = bytes;
        int power = -1;
        while (scaled >= 1023.95 && power < UNITS.length() - 1) {
            scaled /= 1024;
            power++;
        }
        String form = scaled >= 99.95 ? "%.0f %sB" : "%.1f %sB";
        return String.format(Locale.ROOT, form, scaled, UNITS.charAt(power));
    }
}
