package dev.quiver.dataframe;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.ReadOptions;
import java.util.List;
import java.util.Optional;

/// Where sessions get frames and readers from. Not for users, who ask their session.
public final class Frames {
    private Frames() {}

    /// A frame that means `plan` and is run by `runner`.
    public static DataFrame frame(LogicalPlan plan, QueryRunner runner) {
        return new PlannedFrame(plan, runner);
    }

    /// A reader that was told nothing yet.
    public static FrameReader reader(QueryRunner runner) {
        return new PlannedReader(runner, ReadOptions.DEFAULT);
    }

    /// The rows of a frame without those whose keys were loaded before; such a frame can only be
    /// loaded, by who holds the keys.
    ///
    /// @param columns the keys
    /// @param seen the name under which the keys are held
    public static LogicalPlan unseen(DataFrame frame, List<String> columns, String seen) {
        return GateBinding.unseen(PlannedFrame.of(frame), columns, seen);
    }

    /// The plan of a frame that [#frame] made.
    public static LogicalPlan plan(DataFrame frame) {
        return PlannedFrame.of(frame).plan();
    }

    /// How much is kept of a frame's rows; empty when it isn't persisted. Nothing runs.
    public static Optional<HeldSize> heldSize(DataFrame frame) {
        PlannedFrame planned = PlannedFrame.of(frame);
        return planned.plan() instanceof LogicalPlan.Held held
                ? Optional.of(planned.runner().heldSize(held))
                : Optional.empty();
    }
}
