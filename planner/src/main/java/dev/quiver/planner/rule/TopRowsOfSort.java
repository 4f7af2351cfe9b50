package dev.quiver.planner.rule;

import dev.quiver.dataframe.plan.LogicalPlan;

/// Keeps only the first rows while sorting when a limit follows the sort.
public final class TopRowsOfSort implements Rule {
    /// Up to this many rows a heap is cheaper than a sort.
    private static final long ROWS_MAX = 1_000_000;

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Rewrite.down(plan, TopRowsOfSort::changed);
    }

    private static LogicalPlan changed(LogicalPlan step) {
        boolean fits =
                step instanceof LogicalPlan.Limit limit
                        && limit.rows() <= ROWS_MAX
                        && limit.input() instanceof LogicalPlan.Sort;
        if (!fits) return step;
        var limit = (LogicalPlan.Limit) step;
        var sort = (LogicalPlan.Sort) limit.input();
        return new LogicalPlan.TopK(
                sort.input(), sort.keys(), limit.rows(), sort.origin().and(limit.origin()));
    }
}
