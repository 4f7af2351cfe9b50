package dev.quiver.client;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Named;
import dev.quiver.expression.Traversal;
import dev.quiver.operator.GateRule;
import dev.quiver.operator.NamedAggregate;
import dev.quiver.operator.OrderBy;
import dev.quiver.worker.user.UserCode;
import dev.quiver.worker.user.ship.Outbox;
import java.io.Serializable;
import java.util.List;
import java.util.function.UnaryOperator;

/// Plans of a strict session: the user's functions in them are copies that went through
/// serialisation.
final class StrictPlans {
    private StrictPlans() {}

    /// The plan with copied functions.
    ///
    /// @throws dev.quiver.error.QuiverException with the code `NOT_SERIALIZABLE`, when one can't
    ///   travel
    static LogicalPlan copied(LogicalPlan plan) {
        LogicalPlan copied =
                plan.withInputs(plan.inputs().stream().map(StrictPlans::copied).toList());
        String role = "the function of " + plan.label();
        UnaryOperator<Expression> change = e -> Traversal.rewrite(e, inner -> copied(inner, role));
        return switch (copied) {
            case LogicalPlan.MapRecords(
                            var input,
                            var function,
                            var parameter,
                            var output,
                            var schema,
                            var origin) ->
                    new LogicalPlan.MapRecords(
                            input, copied(function, role), parameter, output, schema, origin);
            case LogicalPlan.MapBatches(var input, var function, var schema, var origin) ->
                    new LogicalPlan.MapBatches(input, copied(function, role), schema, origin);
            case LogicalPlan.Filter(var input, var condition, var origin) ->
                    new LogicalPlan.Filter(input, change.apply(condition), origin);
            case LogicalPlan.Project(var input, var columns, var schema, var origin) ->
                    new LogicalPlan.Project(input, named(columns, change), schema, origin);
            case LogicalPlan.Aggregate aggregate -> copied(aggregate, change);
            case LogicalPlan.Expand(var input, var rows, var schema, var origin) ->
                    new LogicalPlan.Expand(
                            input,
                            rows.stream().map(row -> named(row, change)).toList(),
                            schema,
                            origin);
            case LogicalPlan.Join join -> copied(join, change);
            case LogicalPlan.Sort(var input, var keys, var origin) ->
                    new LogicalPlan.Sort(input, ordered(keys, change), origin);
            case LogicalPlan.TopK(var input, var keys, var rows, var origin) ->
                    new LogicalPlan.TopK(input, ordered(keys, change), rows, origin);
            case LogicalPlan.Gate gate -> copied(gate, change, role);
            case LogicalPlan.ScanCsv _,
                    LogicalPlan.ScanFiles _,
                    LogicalPlan.ScanParquet _,
                    LogicalPlan.ScanTable _,
                    LogicalPlan.Held _,
                    LogicalPlan.Limit _,
                    LogicalPlan.Distinct _,
                    LogicalPlan.Union _ ->
                    copied;
        };
    }

    private static LogicalPlan copied(
            LogicalPlan.Aggregate plan, UnaryOperator<Expression> change) {
        List<NamedAggregate> aggregates =
                plan.aggregates().stream()
                        .map(a ->
                                new NamedAggregate(
                                        a.name(), aggregate(a.aggregate(), change), a.type()))
                        .toList();
        return new LogicalPlan.Aggregate(
                plan.input(), named(plan.keys(), change), aggregates, plan.schema(), plan.origin());
    }

    private static LogicalPlan copied(LogicalPlan.Join join, UnaryOperator<Expression> change) {
        return LogicalPlan.Join.of(
                join.left(),
                join.right(),
                join.kind(),
                join.leftKeys().stream().map(change).toList(),
                join.rightKeys().stream().map(change).toList(),
                join.taken(),
                join.build(),
                join.origin());
    }

    private static LogicalPlan copied(
            LogicalPlan.Gate gate, UnaryOperator<Expression> change, String role) {
        return new LogicalPlan.Gate(
                gate.input(),
                gate.references(),
                gate.rules().stream().map(rule -> copied(rule, change, role)).toList(),
                gate.quarantine(),
                gate.rejects(),
                gate.hidden(),
                gate.origin());
    }

    private static GateRule copied(GateRule rule, UnaryOperator<Expression> change, String role) {
        GateRule.Test test =
                switch (rule.test()) {
                    case GateRule.Agrees(var function, var parameter) ->
                            new GateRule.Agrees(copied(function, role), parameter);
                    case GateRule.Holds(var condition) ->
                            new GateRule.Holds(change.apply(condition));
                    case GateRule.Known(var input, var keys, var otherKeys) ->
                            new GateRule.Known(
                                    input,
                                    keys.stream().map(change).toList(),
                                    otherKeys.stream().map(change).toList());
                    case GateRule.First(var keys, var seen) ->
                            new GateRule.First(keys.stream().map(change).toList(), seen);
                    case GateRule.Unseen(var keys, var seen) ->
                            new GateRule.Unseen(keys.stream().map(change).toList(), seen);
                };
        return new GateRule(rule.name(), rule.column(), test);
    }

    private static Expression copied(Expression expression, String role) {
        if (!(expression
                instanceof Expression.UserCall(var input, var function, var parameter, var type)))
            return expression;
        return new Expression.UserCall(input, copied(function, role), parameter, type);
    }

    private static Serializable copied(Serializable function, String role) {
        var userCode = new UserCode(function.getClass().getClassLoader());
        byte[] packed = userCode.pack(function, role, Outbox.variables());
        if (userCode.unpack(packed) instanceof Serializable copy) return copy;
        throw new IllegalStateException("a function became something else");
    }

    private static List<Named> named(List<Named> columns, UnaryOperator<Expression> change) {
        return columns.stream()
                .map(c -> new Named(c.name(), change.apply(c.expression())))
                .toList();
    }

    private static List<OrderBy> ordered(List<OrderBy> keys, UnaryOperator<Expression> change) {
        return keys.stream()
                .map(k -> new OrderBy(change.apply(k.expression()), k.descending(), k.nullsFirst()))
                .toList();
    }

    private static Expression.Aggregate aggregate(
            Expression.Aggregate aggregate, UnaryOperator<Expression> change) {
        return new Expression.Aggregate(
                aggregate.function(),
                aggregate.input().map(change),
                aggregate.filter().map(change));
    }
}
