package dev.quiver.io.csv;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.CsvFormat;
import java.util.List;

/// Which delimiters and quotes there can be.
final class CsvDialect {
    private static final String IN_VALUES = "+-.:";

    private CsvDialect() {}

    /// Checks a format.
    ///
    /// @throws QuiverException ARGUMENT_INVALID when rows of the format couldn't be told apart
    static void check(CsvFormat format) {
        check("delimiter", format.delimiter());
        check("quote", format.quote());
        if (format.delimiter() == format.quote())
            throw invalid("the delimiter and the quote are both '%c'".formatted(format.quote()));
        if (format.lineBytesMax() <= 0)
            throw invalid(
                    "lineBytesMax is %d, it must be more than 0".formatted(format.lineBytesMax()));
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
