package dev.quiver.planner.rule;

import dev.quiver.dataframe.plan.LogicalPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Walks over plans that keep what they don't change.
final class Rewrite {
    private Rewrite() {}

    /// Changes each step, inputs before what reads them.
    static LogicalPlan up(LogicalPlan plan, UnaryOperator<LogicalPlan> change) {
        return change.apply(inputs(plan, input -> up(input, change)));
    }

    /// Changes each step, and then the inputs of what it became.
    static LogicalPlan down(LogicalPlan plan, UnaryOperator<LogicalPlan> change) {
        return inputs(change.apply(plan), input -> down(input, change));
    }

    /// Changes the inputs.
    static LogicalPlan inputs(LogicalPlan plan, UnaryOperator<LogicalPlan> change) {
        List<LogicalPlan> inputs = plan.inputs();
        if (inputs.isEmpty()) return plan;
        boolean changed = false;
        var others = new ArrayList<LogicalPlan>(inputs.size());
        for (LogicalPlan input : inputs) {
            LogicalPlan other = change.apply(input);
            changed |= isOther(input, other);
            others.add(other);
        }
        return changed ? plan.withInputs(others) : plan;
    }

    /// Whether two plans are different objects: rules give back the same one when nothing changed.
    @SuppressWarnings("ReferenceEquality")
    static boolean isOther(LogicalPlan before, LogicalPlan after) {
        return before != after;
    }
}
