package dev.quiver.operator;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// How the text of a CSV file differs from plain UTF-8 in which every line is a row.
///
/// @param encoding name of a character set
/// @param comment rows that begin with this sign aren't rows
/// @param skipLines lines before the header, or before the first row where there is none
/// @param quotedNulls whether what means null unquoted means it in quotes too
/// @param decimalComma whether decimals and floating point numbers have a comma for their point
/// @param escape what stands in quotes before a quote that doesn't close them, and before itself;
///   empty for another quote. Elsewhere it is a sign like others
public record CsvText(
        String encoding,
        Optional<Character> comment,
        int skipLines,
        boolean quotedNulls,
        boolean decimalComma,
        Optional<Character> escape) {
    /// UTF-8 in which every line is a row.
    public static final CsvText PLAIN =
            new CsvText("UTF-8", Optional.empty(), 0, false, false, Optional.empty());

    public CsvText {
        if (skipLines < 0)
            throw new IllegalArgumentException("skipLines=%d, must be >= 0".formatted(skipLines));
    }

    public CsvText withEncoding(String name) {
        return new CsvText(name, comment, skipLines, quotedNulls, decimalComma, escape);
    }

    public CsvText withComment(char sign) {
        return new CsvText(
                encoding, Optional.of(sign), skipLines, quotedNulls, decimalComma, escape);
    }

    public CsvText withSkipLines(int lines) {
        return new CsvText(encoding, comment, lines, quotedNulls, decimalComma, escape);
    }

    public CsvText withQuotedNulls() {
        return new CsvText(encoding, comment, skipLines, true, decimalComma, escape);
    }

    public CsvText withDecimalComma() {
        return new CsvText(encoding, comment, skipLines, quotedNulls, true, escape);
    }

    public CsvText withEscape(char sign) {
        return new CsvText(
                encoding, comment, skipLines, quotedNulls, decimalComma, Optional.of(sign));
    }

    /// The encoding as Java has it.
    ///
    /// @throws QuiverException ARGUMENT_INVALID when Java has none of that name
    public Charset charset() {
        try {
            return Charset.forName(encoding);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            var names = new TreeSet<String>();
            for (Charset known : Charset.availableCharsets().values()) {
                names.add(known.name());
                names.addAll(known.aliases());
            }
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "no encoding '%s'".formatted(encoding),
                    List.of(
                            "has: UTF-8, UTF-16, UTF-32, windows-1252, ISO-8859-1 and %d others"
                                    .formatted(Charset.availableCharsets().size() - 5)),
                    NearestName.of(encoding, names)
                            .map("did you mean '%s'?"::formatted)
                            .orElse("use a name that IANA has registered"),
                    e);
        }
    }

    public boolean isUtf8() {
        return charset().equals(StandardCharsets.UTF_8);
    }

    /// Whether a file can only be read from its begin: what a position holds depends on all before
    /// it.
    public boolean isWhole() {
        return comment.isPresent() || !isUtf8();
    }
}
