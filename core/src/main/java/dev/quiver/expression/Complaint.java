package dev.quiver.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TypeMismatch;
import dev.quiver.schema.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The errors about one expression that can't be bound.
///
/// @param expression as the user wrote it
/// @param place where it stands
record Complaint(Expression expression, String place) {
    private List<String> where() {
        return List.of("in: " + ExpressionPrinter.brief(expression), "at: " + place);
    }

    private static String shown(Bound operand) {
        return "%s (%s)".formatted(ExpressionPrinter.brief(operand.expression()), operand.type());
    }

    TypeMismatch pair(Function function, Bound a, Bound b) {
        String verb =
                switch (function) {
                    case ADD -> "add";
                    case SUBTRACT -> "subtract";
                    case MULTIPLY -> "multiply";
                    case DIVIDE -> "divide";
                    case MODULO -> "take the remainder of";
                    default -> "compare";
                };
        return new TypeMismatch(
                "can't %s %s and %s".formatted(verb, shown(a), shown(b)), where(), fix(a, b));
    }

    private static String fix(Bound a, Bound b) {
        if (a.type() instanceof DataType.Timestamp && b.type() instanceof DataType.Timestamp)
            return "one is an instant, the other a clock reading without zone: cast one, for"
                    + " example cast(x as timestamp[us, UTC])";
        if (!Casts.exists(b.type(), a.type())) return "use columns of types that go together";
        boolean numberToText = DataType.isText(a.type()) && DataType.isNumeric(b.type());
        Bound from = numberToText ? a : b;
        Bound to = numberToText ? b : a;
        return "cast one of them, for example cast(%s as %s)"
                .formatted(ExpressionPrinter.brief(from.expression()), to.type());
    }

    TypeMismatch argument(Bound argument, String wanted) {
        return new TypeMismatch(
                "%s isn't %s".formatted(shown(argument), wanted),
                where(),
                "give %s, or cast to one".formatted(wanted));
    }

    TypeMismatch branches(Bound a, Bound b) {
        return new TypeMismatch(
                "%s and %s have no type in common".formatted(shown(a), shown(b)),
                where(),
                "cast the values to one type");
    }

    TypeMismatch scale(DataType.Decimal a, DataType.Decimal b) {
        return new TypeMismatch(
                "the product of %s and %s has %d digits behind the point, more than %d"
                        .formatted(a, b, a.scale() + b.scale(), DataType.Decimal.PRECISION_MAX),
                where(),
                "cast an operand to a decimal with a smaller scale, or to float64");
    }

    TypeMismatch cast(Bound input, DataType type) {
        return new TypeMismatch(
                "%s can't become %s".formatted(shown(input), type),
                where(),
                "cast to a type in between, such as utf8, or choose another column");
    }

    TypeMismatch parameter(Bound input, Class<?> parameter) {
        return new TypeMismatch(
                "the function takes %s but %s gives %s"
                        .formatted(
                                parameter.getSimpleName(),
                                shown(input),
                                Values.javaClass(input.type()).getSimpleName()),
                where(),
                "declare the function for %s"
                        .formatted(Values.javaClass(input.type()).getSimpleName()));
    }

    QuiverException invalid(String what, String fix) {
        return new QuiverException(ErrorCode.EXPRESSION_INVALID, what, where(), fix);
    }

    QuiverException count(Function function, int min, int max, int count) {
        String name = function.name().toLowerCase(Locale.ROOT);
        String takes = min == max ? "" + min : min + " to " + max;
        if (max == Integer.MAX_VALUE) takes = min + " or more";
        return invalid(
                "%s takes %s argument%s, not %d"
                        .formatted(name, takes, takes.equals("1") ? "" : "s", count),
                "see the functions in docs/semantics.md");
    }

    QuiverException constant(String what, String wanted) {
        return invalid(what + " must be a constant", "write " + wanted);
    }

    QuiverException unit(String name) {
        List<String> names =
                Arrays.stream(Moments.Unit.values())
                        .map(unit -> unit.name().toLowerCase(Locale.ROOT))
                        .toList();
        return invalid("there is no unit '%s'".formatted(name), "use " + String.join(", ", names));
    }

    void checkPattern(String pattern) {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw invalid(
                    "'%s' isn't a regular expression: %s".formatted(pattern, e.getDescription()),
                    "write RE2 syntax: no back references, no look-around");
        }
    }

    /// The pattern that a text is.
    DatePattern datePattern(String pattern, boolean ofDate) {
        try {
            return ofDate ? DatePattern.ofDate(pattern) : DatePattern.ofMoment(pattern);
        } catch (IllegalArgumentException e) {
            throw invalid(
                    "'%s' is no pattern of a %s: %s"
                            .formatted(pattern, ofDate ? "date" : "timestamp", e.getMessage()),
                    "write it in the letters of java.time.format.DateTimeFormatter, such as"
                            + " 'dd.MM.yyyy HH:mm:ss'");
        }
    }

    /// [Coercion#adapt] with the failure said as an error.
    Bound adapt(Bound operand, Bound beside) {
        try {
            return Coercion.adapt(operand, beside);
        } catch (EvaluationFailure failure) {
            throw new TypeMismatch(
                    "can't use %s beside %s: %s"
                            .formatted(shown(operand), shown(beside), failure.getMessage()),
                    where(),
                    "write the constant in the form of %s".formatted(beside.type()),
                    failure);
        }
    }
}
