package dev.quiver.planner.rule;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Origin;
import dev.quiver.dataframe.plan.Trees;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Named;
import dev.quiver.expression.Traversal;
import dev.quiver.operator.JoinKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Tests rows as early as possible: moves filters through projections, sorts, groupings, unions and
/// joins, and tells Parquet scans what rows are for.
///
/// What a gate sees doesn't depend on what is asked of the rows that it lets through, so filters
/// stay above it.
///
/// A condition that can fail (a cast, say) isn't evaluated for rows that something else would have
/// taken away before; one that calls user code isn't moved.
public final class FilterPushDown implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Rewrite.down(
                plan, step -> step instanceof LogicalPlan.Filter filter ? pushed(filter) : step);
    }

    private static LogicalPlan pushed(LogicalPlan.Filter filter) {
        if (Traversal.hasUserCall(filter.condition())) return filter;
        return switch (filter.input()) {
            case LogicalPlan.Filter below -> throughFilter(filter, below);
            case LogicalPlan.Project below -> throughProject(filter, below);
            case LogicalPlan.Sort below ->
                    below.withInput(
                            new LogicalPlan.Filter(
                                    below.input(), filter.condition(), filter.origin()));
            case LogicalPlan.Distinct below ->
                    below.withInput(
                            new LogicalPlan.Filter(
                                    below.input(), filter.condition(), filter.origin()));
            case LogicalPlan.Union below -> throughUnion(filter, below);
            case LogicalPlan.Aggregate below -> throughAggregate(filter, below);
            case LogicalPlan.Join below -> throughJoin(filter, below);
            case LogicalPlan.ScanParquet below -> intoParquet(filter, below);
            case LogicalPlan.ScanCsv _,
                    LogicalPlan.ScanFiles _,
                    LogicalPlan.ScanTable _,
                    LogicalPlan.Held _,
                    LogicalPlan.Expand _,
                    LogicalPlan.TopK _,
                    LogicalPlan.Limit _,
                    LogicalPlan.Gate _,
                    LogicalPlan.MapRecords _,
                    LogicalPlan.MapBatches _ ->
                    filter;
        };
    }

    /// Two filters become one; the upper one only sees rows that passed the lower, so it mustn't
    /// fail for others.
    private static LogicalPlan throughFilter(LogicalPlan.Filter filter, LogicalPlan.Filter below) {
        boolean movable =
                !Traversal.hasUserCall(below.condition())
                        && Safety.cannotFail(filter.condition(), filter.schema());
        if (!movable) return filter;
        var both = new ArrayList<>(Traversal.conjuncts(below.condition()));
        for (Expression condition : Traversal.conjuncts(filter.condition())) {
            if (!both.contains(condition)) both.add(condition);
        }
        return pushed(
                new LogicalPlan.Filter(
                        below.input(),
                        Traversal.conjunction(both),
                        below.origin().and(filter.origin())));
    }

    private static LogicalPlan throughProject(
            LogicalPlan.Filter filter, LogicalPlan.Project below) {
        Map<String, Expression> meanings = new HashMap<>();
        for (Named column : below.columns()) meanings.put(column.name(), column.expression());
        Expression condition = Trees.substitute(filter.condition(), meanings);
        if (Traversal.hasUserCall(condition)) return filter;
        return below.withInput(
                pushed(new LogicalPlan.Filter(below.input(), condition, filter.origin())));
    }

    private static LogicalPlan throughUnion(LogicalPlan.Filter filter, LogicalPlan.Union below) {
        var inputs = new ArrayList<LogicalPlan>();
        for (LogicalPlan input : below.inputs()) {
            inputs.add(new LogicalPlan.Filter(input, filter.condition(), filter.origin()));
        }
        return below.withInputs(inputs);
    }

    /// Conditions on keys alone choose groups, so they may choose rows.
    private static LogicalPlan throughAggregate(
            LogicalPlan.Filter filter, LogicalPlan.Aggregate below) {
        Map<String, Expression> keys = new HashMap<>();
        for (Named key : below.keys()) keys.put(key.name(), key.expression());
        var moved = new ArrayList<Expression>();
        var kept = new ArrayList<Expression>();
        for (Expression condition : Traversal.conjuncts(filter.condition())) {
            Set<String> columns = Traversal.columns(condition);
            boolean movable =
                    !columns.isEmpty()
                            && keys.keySet().containsAll(columns)
                            && (kept.isEmpty() || Safety.cannotFail(condition, filter.schema()));
            (movable ? moved : kept).add(condition);
        }
        if (moved.isEmpty()) return filter;
        Expression condition = Trees.substitute(Traversal.conjunction(moved), keys);
        LogicalPlan input = new LogicalPlan.Filter(below.input(), condition, filter.origin());
        return filtered(below.withInput(input), kept, filter.origin());
    }

    private static LogicalPlan throughJoin(LogicalPlan.Filter filter, LogicalPlan.Join below) {
        var left = new ArrayList<Expression>();
        var right = new ArrayList<Expression>();
        var kept = new ArrayList<Expression>();
        Set<String> leftNames = new HashSet<>(below.left().schema().names());
        Map<String, Expression> taken = new HashMap<>();
        for (LogicalPlan.Taken column : below.taken()) {
            taken.put(column.name(), new Expression.Column(column.column()));
        }
        for (Expression condition : Traversal.conjuncts(filter.condition())) {
            Set<String> columns = Traversal.columns(condition);
            boolean safe = !columns.isEmpty() && Safety.cannotFail(condition, filter.schema());
            if (safe && leftNames.containsAll(columns)) left.add(condition);
            else if (safe && below.kind() == JoinKind.INNER && taken.keySet().containsAll(columns))
                right.add(Trees.substitute(condition, taken));
            else kept.add(condition);
        }
        if (left.isEmpty() && right.isEmpty()) return filter;
        LogicalPlan join =
                below.withInputs(
                        List.of(
                                filtered(below.left(), left, filter.origin()),
                                filtered(below.right(), right, filter.origin())));
        return filtered(join, kept, filter.origin());
    }

    private static LogicalPlan filtered(
            LogicalPlan plan, List<Expression> conditions, Origin origin) {
        return conditions.isEmpty()
                ? plan
                : new LogicalPlan.Filter(plan, Traversal.conjunction(conditions), origin);
    }

    /// The scan leaves out what can't fulfil the condition; the filter still tests every row.
    private static LogicalPlan intoParquet(
            LogicalPlan.Filter filter, LogicalPlan.ScanParquet scan) {
        List<Expression> useful =
                Traversal.conjuncts(filter.condition()).stream()
                        .filter(FilterPushDown::isAboutStatistics)
                        .toList();
        if (useful.isEmpty()) return filter;
        Optional<Expression> condition = Optional.of(Traversal.conjunction(useful));
        if (scan.filter().equals(condition)) return filter;
        return filter.withInput(
                new LogicalPlan.ScanParquet(scan.input(), scan.schema(), condition, scan.origin()));
    }

    /// Whether smallest and greatest values and null counts can decide it.
    private static boolean isAboutStatistics(Expression condition) {
        return switch (condition) {
            case Expression.In(var input, _) -> input instanceof Expression.Column;
            case Expression.Call(var function, var arguments) ->
                    switch (function) {
                        case EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
                                isColumnAndLiteral(arguments.get(0), arguments.get(1))
                                        || isColumnAndLiteral(arguments.get(1), arguments.get(0));
                        case IS_NULL, IS_NOT_NULL ->
                                arguments.getFirst() instanceof Expression.Column;
                        default -> false;
                    };
            default -> false;
        };
    }

    private static boolean isColumnAndLiteral(Expression a, Expression b) {
        return a instanceof Expression.Column && b instanceof Expression.Literal;
    }
}
