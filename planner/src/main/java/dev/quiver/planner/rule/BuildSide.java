package dev.quiver.planner.rule;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.operator.JoinKind;
import dev.quiver.planner.Estimates;

/// Makes the hash table of an inner join from the side that is expected to be smaller.
public final class BuildSide implements Rule {
    private final Estimates estimates;

    public BuildSide(Estimates estimates) {
        this.estimates = estimates;
    }

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Rewrite.up(plan, step -> step instanceof LogicalPlan.Join join ? sided(join) : step);
    }

    private LogicalPlan sided(LogicalPlan.Join join) {
        if (join.kind() != JoinKind.INNER) return join;
        boolean leftIsSmaller =
                estimates.of(join.left()).bytes() < estimates.of(join.right()).bytes();
        LogicalPlan.Side side = leftIsSmaller ? LogicalPlan.Side.LEFT : LogicalPlan.Side.RIGHT;
        if (join.build() == side) return join;
        return new LogicalPlan.Join(
                join.left(),
                join.right(),
                join.kind(),
                join.leftKeys(),
                join.rightKeys(),
                join.taken(),
                side,
                join.schema(),
                join.origin());
    }
}
