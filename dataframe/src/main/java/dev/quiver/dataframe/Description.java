package dev.quiver.dataframe;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Origin;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Named;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;

/// The plan of `describe`: one aggregation over all columns, then a row for each of them.
final class Description {
    private static final Expr NO_NUMBER = Functions.nullOf(DataType.FLOAT64);
    private static final Expr NO_TEXT = Functions.nullOf(DataType.UTF8);

    private Description() {}

    static LogicalPlan plan(LogicalPlan input) {
        LogicalPlan totals = new Grouping(input, new Columns(input)).plan(aggregates(input));
        var rows = new ArrayList<List<Named>>();
        Schema schema = Schema.of();
        List<Field> fields = input.schema().fields();
        for (int i = 0; i < fields.size(); i++) {
            Columns row = row(totals, fields.get(i), i);
            rows.add(row.named());
            schema = nullable(row.schema());
        }
        return new LogicalPlan.Expand(totals, rows, schema, Origin.here());
    }

    private static Schema nullable(Schema schema) {
        return new Schema(schema.fields().stream().map(f -> Field.of(f.name(), f.type())).toList());
    }

    private static List<Expr> aggregates(LogicalPlan input) {
        var exprs = new ArrayList<Expr>();
        exprs.add(Functions.count().as("rows"));
        List<Field> fields = input.schema().fields();
        for (int i = 0; i < fields.size(); i++) {
            Expr column = new TreeExpr(new Expression.Column(fields.get(i).name()));
            DataType type = fields.get(i).type();
            exprs.add(column.count().as("count" + i));
            if (DataType.isNumeric(type)) {
                exprs.add(column.mean().as("mean" + i));
                exprs.add(column.std().as("std" + i));
            }
            if (isOrdered(type)) {
                exprs.add(column.min().as("min" + i));
                exprs.add(column.max().as("max" + i));
            }
        }
        return exprs;
    }

    private static boolean isOrdered(DataType type) {
        return DataType.isNumeric(type) || DataType.isText(type) || DataType.isTemporal(type);
    }

    private static Columns row(LogicalPlan totals, Field field, int index) {
        boolean number = DataType.isNumeric(field.type());
        boolean ordered = isOrdered(field.type());
        Expr count = Functions.col("count" + index);
        return new Columns(totals)
                .add(Functions.lit(field.name()).as("column"))
                .add(Functions.lit(field.type().toString()).as("type"))
                .add(count.as("count"))
                .add(Functions.col("rows").minus(count).as("nulls"))
                .add((number ? asNumber("mean" + index) : NO_NUMBER).as("mean"))
                .add((number ? asNumber("std" + index) : NO_NUMBER).as("std"))
                .add((ordered ? asText("min" + index) : NO_TEXT).as("min"))
                .add((ordered ? asText("max" + index) : NO_TEXT).as("max"));
    }

    private static Expr asNumber(String column) {
        return Functions.col(column).cast(DataType.FLOAT64);
    }

    private static Expr asText(String column) {
        return Functions.col(column).cast(DataType.UTF8);
    }
}
