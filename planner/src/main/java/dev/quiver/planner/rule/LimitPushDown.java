package dev.quiver.planner.rule;

import dev.quiver.dataframe.plan.LogicalPlan;
import java.util.ArrayList;

/// Stops early: moves limits through projections and functions of one row, into unions, and makes
/// one of two.
public final class LimitPushDown implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Rewrite.down(
                plan, step -> step instanceof LogicalPlan.Limit limit ? pushed(limit) : step);
    }

    private static LogicalPlan pushed(LogicalPlan.Limit limit) {
        return switch (limit.input()) {
            case LogicalPlan.Limit below ->
                    pushed(
                            new LogicalPlan.Limit(
                                    below.input(),
                                    Math.min(limit.rows(), below.rows()),
                                    below.origin().and(limit.origin())));
            case LogicalPlan.TopK below ->
                    new LogicalPlan.TopK(
                            below.input(),
                            below.keys(),
                            Math.min(limit.rows(), below.rows()),
                            below.origin().and(limit.origin()));
            case LogicalPlan.Project below ->
                    below.withInput(
                            new LogicalPlan.Limit(below.input(), limit.rows(), limit.origin()));
            case LogicalPlan.MapRecords below when below.output() != Boolean.class ->
                    below.withInput(
                            new LogicalPlan.Limit(below.input(), limit.rows(), limit.origin()));
            case LogicalPlan.Union below -> intoUnion(limit, below);
            default -> limit;
        };
    }

    private static LogicalPlan intoUnion(LogicalPlan.Limit limit, LogicalPlan.Union below) {
        boolean changed = false;
        var inputs = new ArrayList<LogicalPlan>();
        for (LogicalPlan input : below.inputs()) {
            boolean limited = rowsMax(input) <= limit.rows();
            changed |= !limited;
            inputs.add(
                    limited ? input : new LogicalPlan.Limit(input, limit.rows(), limit.origin()));
        }
        return changed ? limit.withInput(below.withInputs(inputs)) : limit;
    }

    /// More rows than this the plan can't have.
    private static long rowsMax(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.Limit limit -> limit.rows();
            case LogicalPlan.TopK top -> top.rows();
            case LogicalPlan.Filter filter -> rowsMax(filter.input());
            case LogicalPlan.Project project -> rowsMax(project.input());
            case LogicalPlan.Sort sort -> rowsMax(sort.input());
            case LogicalPlan.Distinct distinct -> rowsMax(distinct.input());
            case LogicalPlan.MapRecords map -> rowsMax(map.input());
            case LogicalPlan.Aggregate aggregate ->
                    aggregate.keys().isEmpty() ? 1 : rowsMax(aggregate.input());
            case LogicalPlan.ScanCsv _,
                    LogicalPlan.ScanFiles _,
                    LogicalPlan.ScanTable _,
                    LogicalPlan.ScanParquet _,
                    LogicalPlan.Held _,
                    LogicalPlan.Expand _,
                    LogicalPlan.Join _,
                    LogicalPlan.Gate _,
                    LogicalPlan.MapBatches _,
                    LogicalPlan.Union _ ->
                    Long.MAX_VALUE;
        };
    }
}
