package dev.quiver.operator;

import java.util.List;

/// How a CSV file is written (RFC 4180 with the choices that it leaves open).
///
/// @param header whether the first line holds the names
/// @param nulls texts that mean null when unquoted, beside the empty field; null is written as the
///   first of them
/// @param lineBytesMax a longer line is an error
/// @param text what else is to be known of the file
public record CsvFormat(
        char delimiter,
        char quote,
        boolean header,
        List<String> nulls,
        int lineBytesMax,
        CsvText text) {
    /// The longest line that is read unless told otherwise.
    public static final int LINE_BYTES_MAX = 64 << 20;

    /// Comma, double quotes, a header, only the empty field null.
    public static final CsvFormat DEFAULT =
            new CsvFormat(',', '"', true, List.of(), LINE_BYTES_MAX);

    public CsvFormat {
        nulls = List.copyOf(nulls);
    }

    /// Of plain text.
    public CsvFormat(
            char delimiter, char quote, boolean header, List<String> nulls, int lineBytesMax) {
        this(delimiter, quote, header, nulls, lineBytesMax, CsvText.PLAIN);
    }

    /// What stands before a quote in quotes that doesn't close them: the quote itself unless the
    /// text says otherwise.
    public char escape() {
        return text.escape().orElse(quote);
    }

    public CsvFormat withDelimiter(char sign) {
        return new CsvFormat(sign, quote, header, nulls, lineBytesMax, text);
    }

    public CsvFormat withQuote(char sign) {
        return new CsvFormat(delimiter, sign, header, nulls, lineBytesMax, text);
    }

    /// The same with or without a line of names.
    public CsvFormat withHeader(boolean shown) {
        return new CsvFormat(delimiter, quote, shown, nulls, lineBytesMax, text);
    }

    public CsvFormat withNulls(List<String> texts) {
        return new CsvFormat(delimiter, quote, header, texts, lineBytesMax, text);
    }

    public CsvFormat withLineBytesMax(int bytes) {
        return new CsvFormat(delimiter, quote, header, nulls, bytes, text);
    }

    public CsvFormat withText(CsvText changed) {
        return new CsvFormat(delimiter, quote, header, nulls, lineBytesMax, changed);
    }
}
