package dev.quiver.dataframe;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Origin;
import dev.quiver.error.ColumnNotFound;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TypeMismatch;
import dev.quiver.expression.Binder;
import dev.quiver.expression.Bound;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Named;
import dev.quiver.expression.Traversal;
import dev.quiver.operator.OrderBy;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Expressions of the user's bound to the columns of a plan.
final class Columns {
    private final LogicalPlan input;
    private final List<Named> columns = new ArrayList<>();
    private final List<Field> fields = new ArrayList<>();

    Columns(LogicalPlan input) {
        this.input = input;
    }

    /// An expression of one row.
    ///
    /// @throws QuiverException when it names unknown columns, mixes types or aggregates
    static Bound bind(LogicalPlan input, Expression tree) {
        if (Traversal.hasAggregate(tree)) {
            throw new QuiverException(
                    ErrorCode.EXPRESSION_INVALID,
                    "an aggregate where each row has one value",
                    List.of(),
                    "aggregate with groupBy(…).agg(…) or agg(…), and join the result if each row"
                            + " needs it");
        }
        return Binder.bind(tree, input.schema(), input.place());
    }

    /// A condition.
    static Expression condition(LogicalPlan input, Expr expr, String verb) {
        Bound bound = bind(input, TreeExpr.treeOf(expr));
        if (bound.type() instanceof DataType.Bool) return bound.expression();
        throw new TypeMismatch(
                "%s takes a condition, but this is %s".formatted(verb, bound.type()),
                List.of("expression: " + Printing.text(TreeExpr.treeOf(expr))),
                "compare it with something, as in col(\"x\").gt(0)");
    }

    static List<OrderBy> order(LogicalPlan input, List<SortKey> keys) {
        var order = new ArrayList<OrderBy>();
        for (SortKey key : keys) {
            switch (key) {
                case TreeSortKey(var tree, var descending, var nullsAtStart) -> {
                    Bound bound = bind(input, tree);
                    refuseNested(bound.type(), tree, "sort");
                    order.add(new OrderBy(bound.expression(), descending, nullsAtStart));
                }
            }
        }
        return order;
    }

    static void refuseNested(DataType type, Expression tree, String verb) {
        if (!(type instanceof DataType.ListOf) && !(type instanceof DataType.Struct)) return;
        throw new QuiverException(
                ErrorCode.UNSUPPORTED,
                "%s by %s, which is %s".formatted(verb, Printing.text(tree), type),
                List.of(),
                "use columns of numbers, texts, dates or booleans");
    }

    /// The name that was given or follows.
    static String name(Expr expr) {
        return switch (expr) {
            case TreeExpr tree ->
                    tree.name()
                            .orElseThrow(() ->
                                    new QuiverException(
                                            ErrorCode.EXPRESSION_INVALID,
                                            "an expression without a name",
                                            List.of("expression: " + Printing.text(tree.tree())),
                                            "name the column that it makes with" + " .as(\"…\")"));
        };
    }

    Columns add(Expr expr) {
        return add(name(expr), TreeExpr.treeOf(expr));
    }

    Columns add(String name, Expression tree) {
        Bound bound = bind(input, tree);
        columns.add(new Named(name, bound.expression()));
        fields.add(new Field(name, bound.type(), bound.nullable()));
        return this;
    }

    /// A column of the input, under a name.
    Columns keep(String column, String name) {
        OptionalInt found = input.schema().find(column);
        if (found.isEmpty()) {
            throw new ColumnNotFound(column, input.place(), input.schema().names());
        }
        columns.add(new Named(name, new Expression.Column(column)));
        fields.add(input.schema().field(found.getAsInt()).withName(name));
        return this;
    }

    /// Puts an expression in the place of the column of that name, or behind all.
    Columns put(String name, Expression tree) {
        Bound bound = bind(input, tree);
        var named = new Named(name, bound.expression());
        var field = new Field(name, bound.type(), bound.nullable());
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                columns.set(i, named);
                fields.set(i, field);
                return this;
            }
        }
        columns.add(named);
        fields.add(field);
        return this;
    }

    List<Named> named() {
        return List.copyOf(columns);
    }

    Schema schema() {
        return new Schema(fields);
    }

    LogicalPlan.Project project() {
        return new LogicalPlan.Project(input, columns, schema(), Origin.here());
    }
}
