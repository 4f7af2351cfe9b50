package dev.quiver.planner;

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

    /// A part of a pipeline.
    ///
    /// @param estimate what is expected to come out of it
    public record Step(String label, Estimate estimate) {}
}
