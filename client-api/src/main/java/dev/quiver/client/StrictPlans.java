package dev.quiver.client;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.worker.user.UserCode;
import java.io.Serializable;

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
        if (!(copied
                instanceof
                LogicalPlan.MapRecords(
                        var input,
                        var function,
                        var parameter,
                        var output,
                        var schema))) return copied;
        var userCode = new UserCode(function.getClass().getClassLoader());
        byte[] bytes = userCode.pack(function, "the function of " + plan.label());
        if (userCode.unpack(bytes) instanceof Serializable copy)
            return new LogicalPlan.MapRecords(input, copy, parameter, output, schema);
        throw new IllegalStateException("a function became something else");
    }
}
