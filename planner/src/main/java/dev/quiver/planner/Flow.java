package dev.quiver.planner;

import dev.quiver.dataframe.plan.Origin;
import dev.quiver.graph.Dependency;
import dev.quiver.operator.Operator;
import dev.quiver.operator.Source;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;

/// A pipeline without an end: where rows come from and what was done to them. Belongs to the one
/// lowering that makes it.
final class Flow {
    /// What a step is called that reads the output of a stage.
    static final String INPUT = "input";

    final List<Dependency> inputs = new ArrayList<>();
    final List<Operator> operators = new ArrayList<>();
    final List<StageNote.Step> steps = new ArrayList<>();
    Source source;
    int partitions;
    boolean impure;

    /// Whether a gate of it keeps bad rows: all its rows are wanted then.
    boolean quarantines;

    /// Who reads what, for people, where that was decided by what was found; else empty.
    String reads = "";

    private Schema schema;
    private Estimate estimate;

    private Flow(Source source, int partitions, Estimate estimate, String label) {
        this.source = source;
        this.partitions = partitions;
        this.schema = source.schema();
        this.estimate = estimate;
        steps.add(new StageNote.Step(label, estimate, Origin.UNKNOWN));
    }

    static Flow from(Source source, int partitions, Estimate estimate, String label) {
        return new Flow(source, partitions, estimate, label);
    }

    /// The output of a stage, partition by partition.
    static Flow reading(StageOutput output) {
        var flow =
                new Flow(
                        new Source.Input(0, output.schema()),
                        output.partitions(),
                        output.estimate(),
                        INPUT);
        flow.inputs.add(new Dependency.Narrow(output.stage()));
        return flow;
    }

    /// A stage that was drafted or ran before.
    record StageOutput(int stage, int partitions, Schema schema, Estimate estimate) {}

    Schema schema() {
        return schema;
    }

    Estimate estimate() {
        return estimate;
    }

    Flow then(Operator operator, Schema made, Estimate makes, String label) {
        operators.add(operator);
        steps.add(new StageNote.Step(label, makes, Origin.UNKNOWN));
        schema = made;
        estimate = makes;
        return this;
    }

    /// Says where the steps come from of which that isn't known yet.
    Flow from(Origin line) {
        steps.replaceAll(step -> step.from(line));
        return this;
    }

    /// Adds something to read; gives its number.
    int input(Dependency dependency) {
        inputs.add(dependency);
        return inputs.size() - 1;
    }

    /// Whether it is the output of a stage and nothing else yet.
    boolean isStageOutput() {
        return operators.isEmpty() && isNarrow();
    }

    private boolean isNarrow() {
        return !inputs.isEmpty() && inputs.getFirst() instanceof Dependency.Narrow;
    }

    /// One partition that reads all those of a source of files, in their order; other flows stay as
    /// they are.
    Flow inTurn() {
        boolean files =
                source instanceof Source.ScanCsv
                        || source instanceof Source.ScanFiles
                        || source instanceof Source.ScanParquet
                        || source instanceof Source.ScanTable;
        if (partitions == 1 || !files) return this;
        source = new Source.InTurn(source, partitions);
        partitions = 1;
        return this;
    }

    /// Reads each partition of a kept output in fewer parts, at the fewest in one.
    private void readInFewerParts(int count) {
        if (inputs.isEmpty()
                || !(inputs.getFirst() instanceof Dependency.FanOut(var stage, var was, var slices))
                || !inputs.stream().skip(1).allMatch(d -> d instanceof Dependency.Broadcast))
            return;
        int kept = partitions / was;
        int width = Math.max(1, count / kept);
        inputs.set(
                0,
                width == 1
                        ? new Dependency.Narrow(stage)
                        : new Dependency.FanOut(stage, width, slices));
        partitions = kept * width;
    }

    private static boolean isSliced(Dependency input) {
        return input instanceof Dependency.Shuffle || input instanceof Dependency.Regions;
    }

    /// Makes at most `count` partitions of a flow that reads a stage partition by partition, or
    /// chunks of the session, each of neighbouring ones; leaves other flows as they are.
    Flow atMost(int count) {
        if (partitions <= count) return this;
        if (source instanceof Source.Held(var id, var made, _)) {
            source = new Source.Held(id, made, count);
            partitions = count;
            return this;
        }
        readInFewerParts(count);
        if (partitions <= count) return this;
        boolean foldable =
                isNarrow()
                        && inputs.stream().filter(d -> d instanceof Dependency.Narrow).count() == 1
                        && inputs.stream().noneMatch(Flow::isSliced);
        if (!foldable) return this;
        int stage = ((Dependency.Narrow) inputs.getFirst()).stage();
        int width = Math.ceilDiv(partitions, count);
        inputs.set(0, new Dependency.FanIn(stage, width));
        partitions = Math.ceilDiv(partitions, width);
        return this;
    }
}
