package dev.quiver.dataframe;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Origin;
import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.expression.AggregateFunction;
import dev.quiver.expression.Binder;
import dev.quiver.expression.Bound;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Named;
import dev.quiver.expression.Traversal;
import dev.quiver.operator.NamedAggregate;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Keys and aggregates of the user's as a plan. An expression of several aggregates becomes those
/// aggregates and a projection behind them.
final class Grouping {
    private final LogicalPlan input;
    private final List<Named> keys;
    private final List<Field> keyFields;
    private final Map<Expression, String> namesByAggregate = new HashMap<>();
    private final List<NamedAggregate> aggregates = new ArrayList<>();
    private final List<Field> aggregateFields = new ArrayList<>();
    private final List<Named> outputs = new ArrayList<>();
    private final List<Field> outputFields = new ArrayList<>();
    private boolean plain = true;

    Grouping(LogicalPlan input, Columns keys) {
        this.input = input;
        this.keys = keys.named();
        this.keyFields = keys.schema().fields();
    }

    static Columns keys(LogicalPlan input, List<Expr> exprs) {
        var columns = new Columns(input);
        for (Expr expr : exprs) {
            columns.add(expr);
            Field field = columns.schema().fields().getLast();
            Columns.refuseNested(field.type(), TreeExpr.treeOf(expr), "group");
        }
        return columns;
    }

    LogicalPlan plan(List<Expr> exprs) {
        refuseClashes(exprs);
        for (Expr expr : exprs) add(Columns.name(expr), TreeExpr.treeOf(expr));
        var fields = new ArrayList<>(keyFields);
        fields.addAll(aggregateFields);
        var grouped =
                new LogicalPlan.Aggregate(
                        input, keys, aggregates, new Schema(fields), Origin.here());
        if (plain) return grouped;
        var columns = new ArrayList<Named>();
        for (Field key : keyFields) columns.add(Named.column(key.name()));
        columns.addAll(outputs);
        var made = new ArrayList<>(keyFields);
        made.addAll(outputFields);
        return new LogicalPlan.Project(grouped, columns, new Schema(made), Origin.here());
    }

    private void refuseClashes(List<Expr> exprs) {
        var names = new HashSet<String>();
        for (Field key : keyFields) names.add(key.name());
        for (Expr expr : exprs) {
            String name = Columns.name(expr);
            if (names.add(name)) continue;
            throw new QuiverException(
                    ErrorCode.COLUMN_DUPLICATE,
                    "two columns of the aggregation are called '%s'".formatted(name),
                    List.of("aggregate: " + Printing.text(TreeExpr.treeOf(expr))),
                    "name one of them with .as(\"…\")");
        }
    }

    private void add(String name, Expression tree) {
        if (!Traversal.hasAggregate(tree)) {
            throw new QuiverException(
                    ErrorCode.EXPRESSION_INVALID,
                    "agg(…) of an expression that isn't an aggregate",
                    List.of("expression: " + Printing.text(tree)),
                    "say what to make of a group's values, such as .sum() or .first(), or make it"
                            + " a key of groupBy(…)");
        }
        Bound bound = Binder.bind(tree, input.schema(), input.place());
        outputFields.add(new Field(name, bound.type(), bound.nullable()));
        if (bound.expression() instanceof Expression.Aggregate aggregate) {
            String made = aggregate(aggregate, name);
            plain &= made.equals(name);
            outputs.add(new Named(name, new Expression.Column(made)));
            return;
        }
        plain = false;
        outputs.add(new Named(name, extract(bound.expression(), name)));
    }

    /// The tree with its aggregates replaced by columns.
    private Expression extract(Expression tree, String name) {
        if (tree instanceof Expression.Aggregate aggregate) {
            return new Expression.Column(
                    aggregate(aggregate, "#%d of %s".formatted(aggregates.size() + 1, name)));
        }
        for (Named key : keys) {
            if (key.expression().equals(tree)) return new Expression.Column(key.name());
        }
        if (tree instanceof Expression.Column(var column)) {
            throw new QuiverException(
                    ErrorCode.EXPRESSION_INVALID,
                    "column '%s' in '%s' is neither a key nor inside an aggregate"
                            .formatted(column, name),
                    List.of("keys: " + String.join(", ", keys.stream().map(Named::name).toList())),
                    "aggregate it, as in first(\"%s\"), or add it to groupBy(…)".formatted(column));
        }
        return Traversal.mapChildren(tree, part -> extract(part, name));
    }

    /// The column that holds an aggregate; equal aggregates share one.
    private String aggregate(Expression.Aggregate aggregate, String name) {
        String known = namesByAggregate.get(aggregate);
        if (known != null) return known;
        checkOrder(aggregate);
        refuseNested(aggregate);
        Bound bound = Binder.bind(aggregate, input.schema(), input.place());
        aggregates.add(new NamedAggregate(name, aggregate, bound.type()));
        aggregateFields.add(new Field(name, bound.type(), bound.nullable()));
        namesByAggregate.put(aggregate, name);
        return name;
    }

    private static void refuseNested(Expression.Aggregate aggregate) {
        for (Expression part : Traversal.children(aggregate)) {
            if (!Traversal.hasAggregate(part)) continue;
            throw new QuiverException(
                    ErrorCode.EXPRESSION_INVALID,
                    "an aggregate inside an aggregate",
                    List.of("expression: " + Printing.text(aggregate)),
                    "aggregate once, then aggregate the result with another agg(…)");
        }
    }

    private void checkOrder(Expression.Aggregate aggregate) {
        boolean needsOrder =
                aggregate.function() == AggregateFunction.FIRST
                        || aggregate.function() == AggregateFunction.LAST;
        if (!needsOrder || input.order() instanceof RowOrder.Ordered) return;
        throw new QuiverException(
                ErrorCode.PLAN_INVALID,
                "%s of rows that have no order".formatted(Printing.text(aggregate)),
                List.of("input: %s, Unordered".formatted(input.label())),
                "sort before, as in df.sort(\"…\").groupBy(…), or use min or max");
    }
}
