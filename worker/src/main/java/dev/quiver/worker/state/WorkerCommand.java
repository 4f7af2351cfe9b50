package dev.quiver.worker.state;

import dev.quiver.graph.Stage;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.InputRun;
import dev.quiver.protocol.WorkerMessage;
import java.util.List;

/// Something that the worker's shell must do.
public sealed interface WorkerCommand {
    /// Stands for the whole output where a slice is asked for.
    int WHOLE = -1;

    /// Tell the scheduler. Reports must arrive in this order, each once.
    record Report(WorkerMessage message) implements WorkerCommand {}

    /// Prepare the stage's program; comes before its first task.
    record OpenStage(Stage stage) implements WorkerCommand {}

    /// Forget the stage's program.
    record CloseStage(int stage) implements WorkerCommand {}

    /// Run the program of `stage` on `partition`.
    ///
    /// @param inputs what it reads, by dependency, within one by partition; for a listed dependency
    ///   in the order of its list. Partitions that were dropped are left out: they are empty.
    ///   Outputs of other workers have arrived before
    record Execute(int stage, int partition, int attempt, List<InputRun> inputs)
            implements WorkerCommand {}

    /// Let the attempt go on, which has given its slot back before.
    record Resume(int stage, int partition, int attempt) implements WorkerCommand {}

    /// Make the attempt end soon; its end is still reported.
    ///
    /// @param why cancelled or timed out
    record Interrupt(int stage, int partition, int attempt, Failure why) implements WorkerCommand {}

    /// Bring the output of another worker here.
    ///
    /// @param slice which slice of a shuffled output, or [#WHOLE]
    /// @param worker the holder
    record Fetch(int stage, int partition, int attempt, int slice, int worker)
            implements WorkerCommand {}

    /// Free the copy of another worker's output.
    record DropInput(int stage, int partition, int attempt, int slice) implements WorkerCommand {}

    /// Hold the copy of another worker's whole output, which has arrived, as an output of this
    /// worker's, too.
    record KeepInput(int stage, int partition, int attempt) implements WorkerCommand {}

    /// Free an output of this worker's. An attempt that reads it at this moment keeps it until it
    /// ends.
    record DropOutput(int stage, int partition, int attempt) implements WorkerCommand {}

    /// The worker, which is to leave, may: nobody needs anything of it.
    record Leave() implements WorkerCommand {}
}
