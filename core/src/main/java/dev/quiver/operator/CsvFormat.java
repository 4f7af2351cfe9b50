package dev.quiver.operator;

import java.util.List;

/// How a CSV file is written (RFC 4180 with the choices that it leaves open).
///
/// @param header whether the first line holds the names
/// @param nulls texts that mean null when unquoted, beside the empty field
/// @param lineBytesMax a longer line is an error
public record CsvFormat(
        char delimiter, char quote, boolean header, List<String> nulls, int lineBytesMax) {
    /// The longest line that is read unless told otherwise.
    public static final int LINE_BYTES_MAX = 64 << 20;

    /// Comma, double quotes, a header, only the empty field null.
    public static final CsvFormat DEFAULT =
            new CsvFormat(',', '"', true, List.of(), LINE_BYTES_MAX);

    public CsvFormat {
        nulls = List.copyOf(nulls);
    }

    /// The same with or without a line of names.
    public CsvFormat withHeader(boolean shown) {
        return new CsvFormat(delimiter, quote, shown, nulls, lineBytesMax);
    }
}
