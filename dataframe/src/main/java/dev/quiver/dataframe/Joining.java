package dev.quiver.dataframe;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.LogicalPlan.Taken;
import dev.quiver.dataframe.plan.Origin;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TypeMismatch;
import dev.quiver.expression.Binder;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Function;
import dev.quiver.expression.Traversal;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// The plan of a join.
final class Joining {
    private static final String SUFFIX = "_right";

    private final LogicalPlan left;
    private final LogicalPlan right;
    private final List<Expression> leftKeys = new ArrayList<>();
    private final List<Expression> rightKeys = new ArrayList<>();

    Joining(LogicalPlan left, LogicalPlan right) {
        this.left = left;
        this.right = right;
    }

    LogicalPlan.Join plan(How how, On on) {
        keys(on);
        List<Taken> taken = how == How.SEMI || how == How.ANTI ? List.of() : taken(on);
        return LogicalPlan.Join.of(
                left,
                right,
                how.kind(),
                leftKeys,
                rightKeys,
                taken,
                LogicalPlan.Side.RIGHT,
                Origin.here());
    }

    /// Binds the columns that are compared.
    Joining keys(On on) {
        for (On.Pair pair : on.pairs()) addKeys(pair);
        return this;
    }

    List<Expression> leftKeys() {
        return leftKeys;
    }

    List<Expression> rightKeys() {
        return rightKeys;
    }

    /// Binds both columns, widened to one type when theirs differ.
    private void addKeys(On.Pair pair) {
        Field a = left.schema().field(left.schema().indexOf(pair.left(), left.place()));
        Field b = right.schema().field(right.schema().indexOf(pair.right(), right.place()));
        Columns.refuseNested(a.type(), new Expression.Column(a.name()), "join");
        if (a.type().equals(b.type())) {
            leftKeys.add(new Expression.Column(a.name()));
            rightKeys.add(new Expression.Column(b.name()));
            return;
        }
        Expression equal =
                new Expression.Call(
                        Function.EQUAL,
                        List.of(new Expression.Column("a"), new Expression.Column("b")));
        Schema both = Schema.of(a.withName("a"), b.withName("b"));
        Expression.Call bound;
        try {
            bound = (Expression.Call) Binder.bind(equal, both, "the join's keys").expression();
        } catch (TypeMismatch e) {
            throw new TypeMismatch(
                    "join of '%s', which is %s, with '%s', which is %s"
                            .formatted(a.name(), a.type(), b.name(), b.type()),
                    List.of("left: " + left.place(), "right: " + right.place()),
                    "cast one of them before, as in withColumn(\"%s\", col(\"%s\").cast(…))"
                            .formatted(b.name(), b.name()),
                    e);
        }
        leftKeys.add(renamed(bound.arguments().get(0), a.name()));
        rightKeys.add(renamed(bound.arguments().get(1), b.name()));
    }

    private static Expression renamed(Expression tree, String name) {
        return Traversal.rewrite(
                tree,
                part -> part instanceof Expression.Column ? new Expression.Column(name) : part);
    }

    private List<Taken> taken(On on) {
        var keys = new HashSet<String>();
        for (On.Pair pair : on.pairs()) keys.add(pair.right());
        var names = new HashSet<>(left.schema().names());
        var taken = new ArrayList<Taken>();
        for (String column : right.schema().names()) {
            if (keys.contains(column)) continue;
            String name = names.contains(column) ? column + SUFFIX : column;
            if (!names.add(name)) {
                throw new QuiverException(
                        ErrorCode.COLUMN_DUPLICATE,
                        "the join would make two columns called '%s'".formatted(name),
                        List.of("left: " + left.place(), "right: " + right.place()),
                        "rename '%s' on one side before, with rename(\"%s\", \"…\")"
                                .formatted(column, column));
            }
            taken.add(new Taken(column, name));
        }
        return taken;
    }
}
