package dev.quiver.io.csv;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.CsvFormat;
import java.util.List;

/// Which delimiters, quotes and other signs there can be.
public final class CsvDialect {
    private static final String IN_VALUES = "+-.:";

    private CsvDialect() {}

    /// Checks a format.
    ///
    /// @throws QuiverException ARGUMENT_INVALID when rows of the format couldn't be told apart
    public static void check(CsvFormat format) {
        check("delimiter", format.delimiter());
        check("quote", format.quote());
        if (format.delimiter() == format.quote())
            throw invalid("the delimiter and the quote are both '%c'".formatted(format.quote()));
        format.text().comment().ifPresent(c -> checkComment(c, format));
        format.text().escape().ifPresent(c -> checkEscape(c, format));
        if (format.text().decimalComma() && format.delimiter() == ',')
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "a comma in numbers and a comma between fields can't be told apart",
                    List.of("options: decimalComma, delimiter ','"),
                    "say what stands between fields, as in .decimalComma().delimiter(';')");
        format.text().charset();
        if (format.lineBytesMax() <= 0)
            throw invalid(
                    "lineBytesMax is %d, it must be more than 0".formatted(format.lineBytesMax()));
    }

    private static void checkComment(char comment, CsvFormat format) {
        check("comment sign", comment);
        if (comment == format.delimiter() || comment == format.quote())
            throw invalid(
                    "'%c' is both the comment sign and the %s"
                            .formatted(comment, comment == format.quote() ? "quote" : "delimiter"));
    }

    private static void checkEscape(char escape, CsvFormat format) {
        check("escape sign", escape);
        boolean isComment = format.text().comment().filter(c -> c == escape).isPresent();
        if (escape == format.delimiter() || isComment)
            throw invalid(
                    "'%c' is both the escape sign and the %s"
                            .formatted(escape, isComment ? "comment sign" : "delimiter"));
    }

    private static void check(String what, char c) {
        boolean possible =
                c > 0
                        && c < 128
                        && c != '\n'
                        && c != '\r'
                        && !Character.isLetterOrDigit(c)
                        && IN_VALUES.indexOf(c) < 0;
        if (!possible) throw invalid("'%s' can't be the %s of a CSV file".formatted(c, what));
    }

    private static QuiverException invalid(String what) {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                what,
                List.of(),
                "use an ASCII sign that is not part of values, such as , ; | or a tab");
    }
}
