package dev.quiver.planner;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.planner.rule.BuildSide;
import dev.quiver.planner.rule.ConstantFolding;
import dev.quiver.planner.rule.CountOfDistinct;
import dev.quiver.planner.rule.FilterPushDown;
import dev.quiver.planner.rule.LimitPushDown;
import dev.quiver.planner.rule.ProjectionMerge;
import dev.quiver.planner.rule.ProjectionPruning;
import dev.quiver.planner.rule.Rule;
import dev.quiver.planner.rule.TopRowsOfSort;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Applies rules until none changes anything, or the passes that it may make are used up.
final class Optimizer {
    private static final int PASSES_MAX = 10;

    private static final List<Rule> RULES =
            List.of(
                    new ConstantFolding(),
                    new FilterPushDown(),
                    new TopRowsOfSort(),
                    new LimitPushDown(),
                    new CountOfDistinct(),
                    new ProjectionPruning(),
                    new ProjectionMerge());

    private Optimizer() {}

    /// A plan that means the same, and which rules made it.
    ///
    /// @param fired how often each rule changed something
    record Optimized(LogicalPlan plan, SortedMap<String, Integer> fired) {}

    static Optimized optimize(LogicalPlan plan, Estimates estimates) {
        Optimized streamed = streamed(plan);
        LogicalPlan sided = applied(new BuildSide(estimates), streamed.plan(), streamed.fired());
        return new Optimized(sided, streamed.fired());
    }

    /// As [#optimize], but for joins, whose left sides stream whatever their sizes are.
    static Optimized streamed(LogicalPlan plan) {
        SortedMap<String, Integer> fired = new TreeMap<>();
        LogicalPlan current = plan;
        for (int pass = 0; pass < PASSES_MAX; pass++) {
            LogicalPlan before = current;
            for (Rule rule : RULES) current = applied(rule, current, fired);
            if (same(before, current)) break;
        }
        return new Optimized(current, fired);
    }

    private static LogicalPlan applied(
            Rule rule, LogicalPlan plan, SortedMap<String, Integer> fired) {
        LogicalPlan changed = rule.apply(plan);
        if (!same(plan, changed)) fired.merge(rule.name(), 1, Integer::sum);
        return changed;
    }

    /// Rules give back the same object when they changed nothing.
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(LogicalPlan a, LogicalPlan b) {
        return a == b;
    }
}
