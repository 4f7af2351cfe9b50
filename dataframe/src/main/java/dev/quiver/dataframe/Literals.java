package dev.quiver.dataframe;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.expression.Expression;
import dev.quiver.schema.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Java values as literals of an expression.
final class Literals {
    private Literals() {}

    /// An [Expr] as its tree, any other value as a literal.
    static Expression operand(Object value, String place) {
        return value instanceof Expr expr ? TreeExpr.treeOf(expr) : literal(value, place);
    }

    static Expression.Literal literal(@Nullable Object value, String place) {
        return switch (value) {
            case null ->
                    throw invalid(
                            "%s of null: a null needs a type".formatted(place),
                            "write nullOf(DataType.INT64), or isNull() to look for nulls");
            case Boolean b -> new Expression.Literal(b, DataType.BOOL);
            case Byte n -> new Expression.Literal(n.longValue(), DataType.INT64);
            case Short n -> new Expression.Literal(n.longValue(), DataType.INT64);
            case Integer n -> new Expression.Literal(n.longValue(), DataType.INT64);
            case Long n -> new Expression.Literal(n, DataType.INT64);
            case Float n -> new Expression.Literal(n.doubleValue(), DataType.FLOAT32);
            case Double n -> new Expression.Literal(n, DataType.FLOAT64);
            case BigDecimal n -> decimal(n);
            case BigInteger n -> decimal(new BigDecimal(n));
            case String s -> new Expression.Literal(s, DataType.UTF8);
            case Character c -> new Expression.Literal(c.toString(), DataType.UTF8);
            case Enum<?> e -> new Expression.Literal(e.name(), DataType.UTF8);
            case LocalDate d -> new Expression.Literal(d, DataType.DATE);
            case LocalDateTime t -> new Expression.Literal(t, DataType.TIMESTAMP);
            case Instant t -> new Expression.Literal(t, DataType.TIMESTAMP_UTC);
            case LocalTime t -> new Expression.Literal(t, DataType.TIME);
            case Duration d -> new Expression.Literal(d, DataType.DURATION);
            default ->
                    throw invalid(
                            "%s of a %s: not a value that a column can hold"
                                    .formatted(place, value.getClass().getName()),
                            "use a number, String, boolean, LocalDate, LocalDateTime, Instant,"
                                    + " LocalTime, Duration, BigDecimal, an enum or an Expr");
        };
    }

    static void refuseNull(@Nullable Object value, String method) {
        if (value != null) return;
        throw invalid(
                "%s(null) is never true: null equals nothing".formatted(method),
                method.equals("ne") ? "write isNotNull()" : "write isNull()");
    }

    static List<Expression.Literal> members(Collection<?> values) {
        var literals = new ArrayList<Expression.Literal>();
        for (Object value : values) {
            if (value == null) {
                throw invalid(
                        "isIn(…) with a null among the values: null equals nothing",
                        "leave it out and add .or(col(\"…\").isNull())");
            }
            if (value.getClass().isArray()) {
                throw invalid(
                        "isIn(%s): the array would be one value"
                                .formatted(value.getClass().getSimpleName()),
                        "write the values, as in isIn(1, 2, 3), or a list:"
                                + " isIn(Arrays.stream(array).boxed().toList())");
            }
            if (value instanceof Expr) {
                throw invalid(
                        "isIn(…) with an expression among the values",
                        "use literals, or compare with eq(…).or(…)");
            }
            literals.add(literal(value, "isIn"));
        }
        return literals;
    }

    private static Expression.Literal decimal(BigDecimal value) {
        BigDecimal plain = value.scale() < 0 ? value.setScale(0) : value;
        int precision = Math.max(plain.precision(), Math.max(plain.scale(), 1));
        if (precision > DataType.Decimal.PRECISION_MAX) {
            throw invalid(
                    "%s has %d digits; a decimal holds %d"
                            .formatted(value, precision, DataType.Decimal.PRECISION_MAX),
                    "round it with setScale(…), or use a double");
        }
        return new Expression.Literal(plain, DataType.decimal(precision, plain.scale()));
    }

    private static QuiverException invalid(String what, String fix) {
        return new QuiverException(ErrorCode.EXPRESSION_INVALID, what, List.of(), fix);
    }
}
