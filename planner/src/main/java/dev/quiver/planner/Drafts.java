package dev.quiver.planner;

import dev.quiver.dataframe.plan.Origin;
import dev.quiver.graph.Dependency;
import dev.quiver.graph.Edges;
import dev.quiver.graph.Purity;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskLimits;
import dev.quiver.operator.Pipeline;
import dev.quiver.operator.Sink;
import dev.quiver.operator.Source;
import dev.quiver.planner.Flow.StageOutput;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.IntToLongFunction;

/// The stages of a plan as they are drafted, each after those that it reads.
final class Drafts {
    private record Draft(int id, String name, Flow flow, Sink sink, long rowsMax) {}

    private final IntSupplier ids;
    private final MemoryLimits limits;
    private final Exchanges exchanges;
    private final List<Draft> drafts = new ArrayList<>();
    private final List<StageNote> notes = new ArrayList<>();

    Drafts(IntSupplier ids, MemoryLimits limits, Exchanges exchanges) {
        this.ids = ids;
        this.limits = limits;
        this.exchanges = exchanges;
    }

    Exchanges exchanges() {
        return exchanges;
    }

    MemoryLimits limits() {
        return limits;
    }

    /// Ends a flow; what reads it next reads a stage.
    ///
    /// @param label what the sink does, for people
    /// @param makes what comes out
    StageOutput end(Flow flow, Sink sink, Schema schema, Estimate makes, String label) {
        return end(flow, sink, schema, makes, label, 0);
    }

    StageOutput end(
            Flow flow, Sink sink, Schema schema, Estimate makes, String label, long rowsMax) {
        int id = ids.getAsInt();
        var steps = new ArrayList<>(flow.steps);
        steps.add(new StageNote.Step(label, makes, Origin.UNKNOWN));
        if (!flow.reads.isEmpty())
            steps.set(
                    0, new StageNote.Step(flow.reads, steps.getFirst().estimate(), Origin.UNKNOWN));
        String name = name(flow, label);
        drafts.add(new Draft(id, name, flow, sink, rowsMax));
        notes.add(
                new StageNote(
                        id, name, flow.partitions, flow.inputs, steps, memory(flow, sink, makes)));
        return new StageOutput(id, flow.partitions, schema, makes);
    }

    /// Keeps the chunks as they are; a stage that does so already isn't done again.
    StageOutput collect(Flow flow) {
        if (flow.isStageOutput() && drafted(flow)) {
            int stage = ((Dependency.OfStage) flow.inputs.getFirst()).stage();
            return new StageOutput(stage, flow.partitions, flow.schema(), flow.estimate());
        }
        return end(flow, new Sink.Collect(), flow.schema(), flow.estimate(), "collect");
    }

    private boolean drafted(Flow flow) {
        int stage = ((Dependency.OfStage) flow.inputs.getFirst()).stage();
        return drafts.stream().anyMatch(draft -> draft.id() == stage);
    }

    /// All partitions of a flow, in order, as one.
    Flow gather(Flow flow) {
        if (flow.partitions == 1) return flow;
        StageOutput output = collect(flow);
        return Flow.reading(output).atMost(1);
    }

    /// The partitions of several flows, one after the other.
    Flow concatenate(List<Flow> flows, Schema schema, Estimate estimate, String label) {
        Edges.Builder edges = Edges.builder();
        int partitions = 0;
        for (Flow part : flows) {
            StageOutput output = collect(part);
            for (int p = 0; p < output.partitions(); p++) {
                edges.input(output.stage(), p).endRow();
            }
            partitions += output.partitions();
        }
        Flow flow = Flow.from(new Source.Input(0, schema), partitions, estimate, label);
        flow.inputs.add(new Dependency.Listed(edges.build()));
        return flow;
    }

    private static String name(Flow flow, String label) {
        String from = flow.steps.getFirst().label();
        String text = label.equals("collect") ? flow.steps.getLast().label() : label;
        String name = text.equals(from) || from.equals(Flow.INPUT) ? text : from + ": " + text;
        return name.length() <= 60 ? name : name.substring(0, 59) + "…";
    }

    /// What a task holds at its end, about: a chunk that streams by, and what the sink makes of it;
    /// tables and sorts hold what they make twice while they make it.
    private static long memory(Flow flow, Sink sink, Estimate makes) {
        long perPartition = makes.bytes() / Math.max(1, flow.partitions);
        Estimate reads = flow.steps.getFirst().estimate();
        double width = Widths.ofRow(flow.source.schema());
        long chunk = (long) (Math.min(Sizes.CHUNK_ROWS, reads.rows()) * width);
        return chunk
                + switch (sink) {
                    case Sink.Collect _, Sink.Exchange _, Sink.Write _, Sink.JoinFiles _ ->
                            perPartition;
                    case Sink.WriteTable _ -> 0;
                    case Sink.Aggregate _, Sink.TopRows _ -> 2 * perPartition;
                    case Sink.BuildTable _ -> 2 * perPartition + 16 * makes.rows();
                    case Sink.SortRun _, Sink.MergeSorted _ -> 2 * perPartition;
                };
    }

    /// Memory to set aside where it is known that a task needs it: sorts and tables can't do with
    /// less than what they read.
    private static TaskLimits limits(Draft draft) {
        Estimate reads = draft.flow().estimate();
        boolean holdsAll =
                draft.sink() instanceof Sink.SortRun || draft.sink() instanceof Sink.BuildTable;
        if (!holdsAll || !reads.exact()) return TaskLimits.NONE;
        return new TaskLimits(0, 0, 0, reads.bytes() / Math.max(1, draft.flow().partitions));
    }

    /// Says where the steps come from, of stages drafted since, of which that isn't known yet.
    ///
    /// @param since how many stages there were
    void from(Origin line, int since) {
        for (int i = since; i < notes.size(); i++) notes.set(i, notes.get(i).from(line));
    }

    /// How many stages there are by now.
    int size() {
        return drafts.size();
    }

    List<StageNote> notes() {
        return List.copyOf(notes);
    }

    /// The stages.
    ///
    /// @param wanted the one whose output is the result
    /// @param priorities gives the priority for an order, smaller first; a stage comes before those
    ///   that it reads
    List<Stage> stages(int wanted, IntToLongFunction priorities) {
        var stages = new ArrayList<Stage>();
        for (int i = 0; i < drafts.size(); i++) {
            Draft draft = drafts.get(i);
            Flow flow = draft.flow();
            Stage.Builder stage =
                    Stage.builder(
                                    draft.id(),
                                    draft.name(),
                                    new Pipeline(flow.source, flow.operators, draft.sink()))
                            .partitions(flow.partitions)
                            .purity(flow.impure ? Purity.IMPURE : Purity.DETERMINISTIC)
                            .rowsMax(draft.rowsMax())
                            .limits(limits(draft))
                            .priority(priorities.applyAsLong(drafts.size() - 1 - i));
            flow.inputs.forEach(stage::input);
            if (draft.id() == wanted) stage.wanted();
            stages.add(stage.build());
        }
        return stages;
    }
}
