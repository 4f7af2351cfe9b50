package dev.quiver.dataframe;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Origin;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TypeMismatch;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Function;
import dev.quiver.expression.Simplification;
import dev.quiver.expression.Traversal;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// The plans of the verbs that are about nulls.
final class NullVerbs {
    private NullVerbs() {}

    /// @param names the columns to fill; none means all that the value fits
    static LogicalPlan fill(PlannedFrame frame, Object value, List<String> names) {
        LogicalPlan plan = frame.plan();
        Expression.Literal literal = Operands.literal(value, "fillNull");
        for (String name : names) plan.schema().indexOf(name, plan.place());
        var wanted = new HashSet<>(names);
        var columns = new Columns(plan);
        boolean any = false;
        for (Field field : plan.schema().fields()) {
            boolean fill =
                    names.isEmpty()
                            ? fits(literal.type(), field.type())
                            : wanted.contains(field.name());
            any |= fill;
            if (fill) columns.add(field.name(), filled(field, literal));
            else columns.keep(field.name(), field.name());
        }
        if (!any) {
            throw new QuiverException(
                    ErrorCode.TYPE_MISMATCH,
                    "fillNull(%s): no column has a type that it fits".formatted(value),
                    List.of("value: " + literal.type(), "place: " + plan.place()),
                    "give a value of a column's type, or name the columns");
        }
        return columns.project();
    }

    private static Expression filled(Field field, Expression.Literal literal) {
        Expression value =
                Simplification.of(new Expression.Cast(literal, field.type()), Schema.of());
        if (!(value instanceof Expression.Literal)) {
            throw new TypeMismatch(
                    "fillNull(%s): column '%s' is %s"
                            .formatted(literal.value(), field.name(), field.type()),
                    List.of("value: " + literal.type()),
                    "give a value of that type, or cast the column before");
        }
        return new Expression.Call(
                Function.COALESCE, List.of(new Expression.Column(field.name()), value));
    }

    private static boolean fits(DataType value, DataType column) {
        if (value instanceof DataType.Int) return DataType.isNumeric(column);
        if (value instanceof DataType.FloatingPoint) {
            return column instanceof DataType.FloatingPoint;
        }
        if (value instanceof DataType.Decimal) {
            return column instanceof DataType.Decimal || column instanceof DataType.FloatingPoint;
        }
        if (DataType.isText(value)) return DataType.isText(column);
        return value.getClass() == column.getClass();
    }

    /// @param names the columns to look at; none means all
    static LogicalPlan drop(PlannedFrame frame, List<String> names) {
        LogicalPlan plan = frame.plan();
        var conditions = new ArrayList<Expression>();
        for (String name : names.isEmpty() ? plan.schema().names() : names) {
            plan.schema().indexOf(name, plan.place());
            conditions.add(
                    new Expression.Call(
                            Function.IS_NOT_NULL, List.of(new Expression.Column(name))));
        }
        Expression all = Traversal.conjunction(conditions);
        return new LogicalPlan.Filter(plan, Columns.bind(plan, all).expression(), Origin.here());
    }
}
