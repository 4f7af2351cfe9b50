package dev.quiver.expression;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import java.util.ArrayList;
import java.util.List;

/// A value that can't be computed, such as an overflow or a text that isn't a number. Whoever knows
/// the expression and the row turns it into a [QuiverException] by [#in].
public final class EvaluationFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String what;
    private final String fix;

    public EvaluationFailure(ErrorCode code, String what, String fix) {
        super(what, null, false, false);
        this.code = code;
        this.what = what;
        this.fix = fix;
    }

    public String what() {
        return what;
    }

    public String fix() {
        return fix;
    }

    /// The error that a person reads.
    ///
    /// @param where further lines such as `row: 17`
    public QuiverException in(Expression expression, List<String> where) {
        var lines = new ArrayList<String>();
        lines.add("in: " + ExpressionPrinter.brief(expression));
        lines.addAll(where);
        return new QuiverException(code, what, lines, fix, this);
    }

    static EvaluationFailure outOfRange(String value, DataType type) {
        return new EvaluationFailure(
                ErrorCode.OVERFLOW,
                "%s is outside %s".formatted(value, type),
                "cast to a wider type, or filter such values out first");
    }

    static EvaluationFailure overflow(String operation, DataType type) {
        return new EvaluationFailure(
                ErrorCode.OVERFLOW,
                "%s is outside %s".formatted(operation, type),
                "cast an operand to a wider type first, such as float64 or decimal(38,s)");
    }

    static EvaluationFailure badText(String text, DataType type, String form) {
        String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
        return new EvaluationFailure(
                ErrorCode.BAD_VALUE,
                "'%s' is not a value of %s".formatted(shown, type),
                "a value of %s looks like %s".formatted(type, form));
    }
}
