package dev.quiver.worker.exec;

import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.graph.Dependency;
import dev.quiver.graph.Stage;
import dev.quiver.operator.Pipeline;
import dev.quiver.operator.Source;
import java.util.List;

/// One partition of a pipeline to run.
///
/// @param plan what memory and errors are booked under, such as `q17`
/// @param dependencies the stage's inputs: see [Dependency#region]
/// @param checkpoint asked between chunks, at allocations and within long kernels whether to go on
/// @param counts where rows, bytes and time are counted
public record PipelineTask(
        String plan,
        Pipeline pipeline,
        List<Dependency> dependencies,
        int partition,
        TaskInputs inputs,
        Checkpoint checkpoint,
        PipelineCounts counts) {
    public PipelineTask {
        dependencies = List.copyOf(dependencies);
    }

    /// The same task with the number that its partition has where the stage runs some partitions of
    /// a source only.
    PipelineTask numbered() {
        if (!(pipeline.source() instanceof Source.Some some)) return this;
        return new PipelineTask(
                plan, pipeline, dependencies, some.number(partition), inputs, checkpoint, counts);
    }

    /// A partition of a stage whose program is a pipeline.
    public static PipelineTask of(
            String plan,
            Stage stage,
            int partition,
            TaskInputs inputs,
            Checkpoint checkpoint,
            PipelineCounts counts) {
        if (!(stage.program() instanceof Pipeline pipeline))
            throw new IllegalArgumentException(
                    "stage '%s' isn't a pipeline".formatted(stage.name()));
        return new PipelineTask(
                plan, pipeline, stage.inputs(), partition, inputs, checkpoint, counts);
    }
}
