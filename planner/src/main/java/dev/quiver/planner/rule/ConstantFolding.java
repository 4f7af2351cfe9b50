package dev.quiver.planner.rule;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Trees;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Named;
import dev.quiver.expression.Simplification;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;

/// Computes what doesn't depend on any row, and drops filters that are always true.
public final class ConstantFolding implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Rewrite.up(
                plan,
                step ->
                        switch (step) {
                            case LogicalPlan.Filter filter -> filter(filter);
                            case LogicalPlan.Project project -> project(project);
                            default -> step;
                        });
    }

    private static LogicalPlan filter(LogicalPlan.Filter filter) {
        Expression folded = Simplification.of(filter.condition(), filter.schema());
        if (folded.equals(Trees.TRUE)) return filter.input();
        if (folded.equals(filter.condition())) return filter;
        return new LogicalPlan.Filter(filter.input(), folded, filter.origin());
    }

    private static LogicalPlan project(LogicalPlan.Project project) {
        Schema schema = project.input().schema();
        boolean changed = false;
        List<Named> columns = new ArrayList<>(project.columns().size());
        for (Named column : project.columns()) {
            if (isPlain(column.expression())) {
                columns.add(column);
                continue;
            }
            Expression folded = Simplification.of(column.expression(), schema);
            changed |= !folded.equals(column.expression());
            columns.add(new Named(column.name(), folded));
        }
        return changed
                ? new LogicalPlan.Project(
                        project.input(), columns, project.schema(), project.origin())
                : project;
    }

    private static boolean isPlain(Expression tree) {
        return tree instanceof Expression.Column || tree instanceof Expression.Literal;
    }
}
