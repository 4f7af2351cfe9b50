package dev.quiver.client;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.operator.GateRule;
import dev.quiver.worker.user.UserCode;
import java.io.Serializable;
import java.util.ArrayList;

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
        if (copied instanceof LogicalPlan.Gate gate) return gate(gate);
        if (!(copied
                instanceof
                LogicalPlan.MapRecords(
                        var input,
                        var function,
                        var parameter,
                        var output,
                        var schema))) return copied;
        return new LogicalPlan.MapRecords(
                input, travelled(function, plan.label()), parameter, output, schema);
    }

    private static LogicalPlan gate(LogicalPlan.Gate gate) {
        var rules = new ArrayList<GateRule>();
        for (GateRule rule : gate.rules()) {
            GateRule.Test test = rule.test();
            if (test instanceof GateRule.Agrees(var function, var parameter))
                test = new GateRule.Agrees(travelled(function, gate.label()), parameter);
            rules.add(new GateRule(rule.name(), rule.column(), test));
        }
        return new LogicalPlan.Gate(
                gate.input(), gate.references(), rules, gate.quarantine(), gate.rejects());
    }

    private static Serializable travelled(Serializable function, String label) {
        var userCode = new UserCode(function.getClass().getClassLoader());
        byte[] bytes = userCode.pack(function, "the function of " + label);
        if (userCode.unpack(bytes) instanceof Serializable copy) return copy;
        throw new IllegalStateException("a function became something else");
    }
}
