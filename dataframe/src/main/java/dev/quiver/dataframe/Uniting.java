package dev.quiver.dataframe;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Origin;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TypeMismatch;
import dev.quiver.expression.Binder;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Function;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;

/// The plan of a union by name.
final class Uniting {
    private Uniting() {}

    static LogicalPlan plan(List<LogicalPlan> plans) {
        LogicalPlan first = plans.getFirst();
        for (LogicalPlan other : plans) checkNames(first, other);
        var fields = new ArrayList<Field>();
        for (Field field : first.schema().fields()) {
            Field wide = field;
            for (LogicalPlan other : plans) {
                wide = widened(wide, other.schema().field(field.name()), other);
            }
            fields.add(wide);
        }
        var schema = new Schema(fields);
        return new LogicalPlan.Union(
                plans.stream().map(plan -> aligned(plan, schema)).toList(), schema, Origin.here());
    }

    private static void checkNames(LogicalPlan first, LogicalPlan other) {
        List<String> wanted = first.schema().names();
        List<String> names = other.schema().names();
        List<String> missing = wanted.stream().filter(n -> !names.contains(n)).toList();
        List<String> extra = names.stream().filter(n -> !wanted.contains(n)).toList();
        if (missing.isEmpty() && extra.isEmpty()) return;
        var where = new ArrayList<String>();
        if (!missing.isEmpty()) {
            where.add("missing in %s: %s".formatted(other.place(), String.join(", ", missing)));
        }
        if (!extra.isEmpty()) {
            where.add("only in %s: %s".formatted(other.place(), String.join(", ", extra)));
        }
        String column = missing.isEmpty() ? extra.getFirst() : missing.getFirst();
        throw new QuiverException(
                ErrorCode.PLAN_INVALID,
                "union of frames with different columns",
                where,
                "select or rename the same columns on both sides, or add one with"
                        + " withColumn(\"%s\", nullOf(…))".formatted(column));
    }

    private static Field widened(Field a, Field b, LogicalPlan other) {
        boolean nullable = a.nullable() || b.nullable();
        if (a.type().equals(b.type())) return new Field(a.name(), a.type(), nullable);
        Expression either =
                new Expression.Call(
                        Function.COALESCE,
                        List.of(new Expression.Column("a"), new Expression.Column("b")));
        try {
            Schema both = Schema.of(a.withName("a"), b.withName("b"));
            DataType wide = Binder.bind(either, both, "the union").type();
            return new Field(a.name(), wide, nullable);
        } catch (TypeMismatch e) {
            throw new TypeMismatch(
                    "union of column '%s', which is %s, with %s"
                            .formatted(a.name(), a.type(), b.type()),
                    List.of("other side: " + other.place()),
                    "cast it before, as in withColumn(\"%s\", col(\"%s\").cast(…))"
                            .formatted(a.name(), a.name()),
                    e);
        }
    }

    private static LogicalPlan aligned(LogicalPlan plan, Schema schema) {
        if (sameTypes(plan.schema(), schema)) return plan;
        var columns = new Columns(plan);
        for (Field field : schema.fields()) {
            Expression column = new Expression.Column(field.name());
            boolean same = plan.schema().type(field.name()).equals(field.type());
            if (same) columns.keep(field.name(), field.name());
            else columns.add(field.name(), new Expression.Cast(column, field.type()));
        }
        return columns.project();
    }

    private static boolean sameTypes(Schema a, Schema b) {
        if (!a.names().equals(b.names())) return false;
        for (int i = 0; i < a.size(); i++) {
            if (!a.field(i).type().equals(b.field(i).type())) return false;
        }
        return true;
    }
}
