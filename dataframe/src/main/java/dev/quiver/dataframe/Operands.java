package dev.quiver.dataframe;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Literals;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What users pass where a value is taken: expressions, and Java values as literals.
final class Operands {
    private Operands() {}

    /// An [Expr] as its tree, any other value as a literal.
    static Expression of(Object value, String place) {
        return value instanceof Expr expr ? TreeExpr.treeOf(expr) : literal(value, place);
    }

    static Expression.Literal literal(@Nullable Object value, String place) {
        if (value != null) return Literals.of(value);
        throw invalid(
                "%s of null: a null needs a type".formatted(place),
                "write nullOf(DataType.INT64), or isNull() to look for nulls");
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
            literals.add(Literals.of(value));
        }
        return literals;
    }

    private static QuiverException invalid(String what, String fix) {
        return new QuiverException(ErrorCode.EXPRESSION_INVALID, what, List.of(), fix);
    }
}
