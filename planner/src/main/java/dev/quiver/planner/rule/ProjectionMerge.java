package dev.quiver.planner.rule;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Trees;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Named;
import dev.quiver.expression.Traversal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Makes one projection of two, and none of one that changes nothing.
///
/// An expression that is used more than once stays where it is, so that it is computed once.
public final class ProjectionMerge implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Rewrite.up(
                plan, step -> step instanceof LogicalPlan.Project project ? merged(project) : step);
    }

    private static LogicalPlan merged(LogicalPlan.Project project) {
        if (changesNothing(project)) return project.input();
        if (!(project.input() instanceof LogicalPlan.Project below)) return project;
        Map<String, Expression> meanings = new HashMap<>();
        for (Named column : below.columns()) meanings.put(column.name(), column.expression());
        if (computesTwice(project.columns(), meanings)) return project;
        var columns = new ArrayList<Named>();
        for (Named column : project.columns()) {
            Expression tree = Trees.substitute(column.expression(), meanings);
            columns.add(new Named(column.name(), tree));
        }
        return merged(
                new LogicalPlan.Project(
                        below.input(),
                        columns,
                        project.schema(),
                        below.origin().and(project.origin())));
    }

    private static boolean changesNothing(LogicalPlan.Project project) {
        List<String> names = project.input().schema().names();
        if (names.size() != project.columns().size()) return false;
        for (int i = 0; i < names.size(); i++) {
            Named column = project.columns().get(i);
            boolean same =
                    column.name().equals(names.get(i))
                            && column.expression().equals(new Expression.Column(names.get(i)));
            if (!same) return false;
        }
        return true;
    }

    private static boolean computesTwice(List<Named> columns, Map<String, Expression> meanings) {
        Map<String, Integer> uses = new HashMap<>();
        for (Named column : columns) count(column.expression(), uses);
        for (var use : uses.entrySet()) {
            Expression meaning = meanings.get(use.getKey());
            if (use.getValue() > 1 && meaning != null && !isTrivial(meaning)) return true;
        }
        return false;
    }

    private static boolean isTrivial(Expression meaning) {
        return meaning instanceof Expression.Column || meaning instanceof Expression.Literal;
    }

    private static void count(Expression tree, Map<String, Integer> uses) {
        if (tree instanceof Expression.Column(var name)) uses.merge(name, 1, Integer::sum);
        for (Expression part : Traversal.children(tree)) count(part, uses);
    }
}
