package dev.quiver.client;

import dev.quiver.graph.Dependency;
import dev.quiver.planner.StageNote;
import dev.quiver.planner.StagePlan;
import dev.quiver.protocol.JobDescription;
import dev.quiver.protocol.JobDescription.Read;
import dev.quiver.protocol.JobDescription.StageSteps;
import dev.quiver.protocol.JobDescription.Step;
import dev.quiver.protocol.JobDescription.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Plans in words, for those who look at jobs.
final class Descriptions {
    private Descriptions() {}

    /// @param place the line of the user's program that runs it; empty when it isn't known
    static JobDescription of(StagePlan plan, String place) {
        var stages = new ArrayList<StageSteps>();
        for (StageNote note : plan.notes()) {
            var steps = new ArrayList<Step>();
            for (StageNote.Step step : note.steps()) steps.add(step(step));
            List<Read> reads =
                    note.inputs().stream().flatMap(input -> read(input).stream()).toList();
            stages.add(new StageSteps(note.stage(), reads, steps));
        }
        return new JobDescription(plan.optimized().label(), place, plan.rules(), stages);
    }

    private static Step step(StageNote.Step step) {
        return new Step(
                step.label(),
                step.estimate().rows(),
                step.estimate().exact(),
                step.origin().text());
    }

    private static Optional<Read> read(Dependency input) {
        return switch (input) {
            case Dependency.Narrow(int other) -> Optional.of(new Read(other, Way.ONE));
            case Dependency.Broadcast(int other) -> Optional.of(new Read(other, Way.ALL));
            case Dependency.Shuffle(int other, _) -> Optional.of(new Read(other, Way.SLICES));
            case Dependency.Regions(int other, _) -> Optional.of(new Read(other, Way.SLICES));
            case Dependency.FanIn(int other, _) -> Optional.of(new Read(other, Way.RANGE));
            case Dependency.FanOut(int other, _, _) -> Optional.of(new Read(other, Way.ONE));
            case Dependency.Listed _ -> Optional.empty();
        };
    }
}
