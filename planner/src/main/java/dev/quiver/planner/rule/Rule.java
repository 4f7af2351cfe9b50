package dev.quiver.planner.rule;

import dev.quiver.dataframe.plan.LogicalPlan;

/// Makes a plan cheaper without changing what it means.
public interface Rule {
    /// The name that `explain()` shows.
    default String name() {
        return getClass().getSimpleName();
    }

    /// The changed plan; the same object when there was nothing to change.
    LogicalPlan apply(LogicalPlan plan);
}
