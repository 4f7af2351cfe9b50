package dev.quiver.planner.rule;

import dev.quiver.expression.Binder;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Traversal;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;

/// Whether an expression may be evaluated for rows that the query as written would not evaluate it
/// for: it can't fail and calls no user code.
final class Safety {
    private Safety() {}

    static boolean cannotFail(Expression tree, Schema schema) {
        return !Traversal.any(tree, part -> canFail(part, schema));
    }

    private static boolean canFail(Expression part, Schema schema) {
        return switch (part) {
            case Expression.Column _, Expression.Literal _, Expression.Case _, Expression.In _ ->
                    false;
            case Expression.Cast(var input, var type) ->
                    !widens(Binder.bind(input, schema, "a cast").type(), type);
            case Expression.Aggregate _, Expression.UserCall _ -> true;
            case Expression.Call(var function, _) ->
                    switch (function) {
                        case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> false;
                        case AND, OR, NOT, IS_NULL, IS_NOT_NULL, IS_NAN, COALESCE -> false;
                        case LOWER, UPPER, TRIM, LENGTH, CONTAINS, STARTS_WITH, ENDS_WITH -> false;
                        case MATCHES, YEAR, QUARTER, MONTH, WEEK, DAY, DAY_OF_WEEK -> false;
                        case DAY_OF_YEAR, HOUR, MINUTE, SECOND -> false;
                        case ADD, SUBTRACT, MULTIPLY, DIVIDE, NEGATE, ABS ->
                                !(Binder.bind(part, schema, "arithmetic").type()
                                        instanceof DataType.FloatingPoint);
                        case MODULO, ROUND, FLOOR, CEIL, SQRT -> true;
                        case SUBSTRING, REPLACE, CONCAT, TRUNCATE, TO_DATE, TO_TIMESTAMP -> true;
                    };
        };
    }

    private static boolean widens(DataType from, DataType to) {
        if (DataType.isText(from) && to.equals(DataType.UTF8)) return true;
        if (to.equals(DataType.FLOAT64)) return DataType.isNumeric(from);
        return from instanceof DataType.Int a
                && to instanceof DataType.Int b
                && a.signed() == b.signed()
                && a.bits() <= b.bits();
    }
}
