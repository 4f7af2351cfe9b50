package dev.quiver.planner;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.UnaryOperator;

/// A plan as stages that can be submitted.
///
/// @param optimized the plan that was lowered
/// @param fired which rules made it, and in how many passes each changed something
/// @param result the stage whose output, partition by partition, is the result; the only wanted one
/// @param partitions of the result
/// @param schema of the result
/// @param order of the result's rows
/// @param notes what people are told about each stage, in the order of the graph
/// @param replanning what is decided later; empty when all is decided
/// @param peakBytes about how much memory is held at once at the most
public record StagePlan(
        LogicalPlan optimized,
        SortedMap<String, Integer> fired,
        TaskGraph graph,
        int result,
        int partitions,
        Schema schema,
        RowOrder order,
        List<StageNote> notes,
        Optional<Replanning> replanning,
        long peakBytes) {
    public StagePlan {
        notes = List.copyOf(notes);
    }

    /// The rules that made it, in words: a name, and in how many passes where it was more than one.
    public List<String> rules() {
        var rules = new ArrayList<String>();
        fired.forEach((name, count) -> rules.add(count == 1 ? name : name + " x" + count));
        return rules;
    }

    /// What people are told about a part of a stage: 0 the source, then the operators, then the
    /// sink. Empty where there is no such part.
    public Optional<StageNote.Step> step(int stage, int part) {
        return notes.stream()
                .filter(note -> note.stage() == stage)
                .filter(note -> part >= 0 && part < note.steps().size())
                .map(note -> note.steps().get(part))
                .findFirst();
    }

    /// The same plan with other stages that make the same, and nothing left to decide.
    public StagePlan withGraph(TaskGraph other) {
        return with(other, Optional.empty());
    }

    /// The same plan where each stage is another one that makes the same, also those that are
    /// decided later.
    public StagePlan withStages(UnaryOperator<Stage> change) {
        return with(
                new TaskGraph(graph.stages().stream().map(change).toList()),
                replanning.map(later -> later.withStages(change)));
    }

    private StagePlan with(TaskGraph other, Optional<Replanning> later) {
        return new StagePlan(
                optimized,
                fired,
                other,
                result,
                partitions,
                schema,
                order,
                notes,
                later,
                peakBytes);
    }
}
