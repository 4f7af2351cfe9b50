package dev.quiver.planner;

import dev.quiver.dataframe.plan.Origin;
import dev.quiver.graph.Dependency;
import java.util.List;

/// What people are told about a stage.
///
/// @param steps source, operators, sink: step `i` is the pipeline's i-th part
/// @param taskBytes about how much memory one of its tasks holds at its end
public record StageNote(
        int stage,
        String name,
        int partitions,
        List<Dependency> inputs,
        List<Step> steps,
        long taskBytes) {
    public StageNote {
        inputs = List.copyOf(inputs);
        steps = List.copyOf(steps);
    }

    /// The same with a line for the steps whose line isn't known.
    StageNote from(Origin line) {
        List<Step> known = steps.stream().map(step -> step.from(line)).toList();
        return new StageNote(stage, name, partitions, inputs, known, taskBytes);
    }

    /// A part of a pipeline.
    ///
    /// @param estimate what is expected to come out of it
    /// @param origin where the user asked for it
    public record Step(String label, Estimate estimate, Origin origin) {
        Step from(Origin line) {
            return origin.isKnown() ? this : new Step(label, estimate, line);
        }
    }
}
