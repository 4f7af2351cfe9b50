package dev.quiver.protocol;

import dev.quiver.graph.Stage;
import java.util.List;

/// What the scheduler tells a worker. Ranges of partitions are from `from` up to, not including,
/// `to`.
public sealed interface SchedulerMessage {
    /// Comes once, before the worker's first task of the stage, or the first that reads an output
    /// of it which is to be kept: see [Stage#broadcast()].
    record StageOpened(Stage stage) implements SchedulerMessage {}

    /// No task of the stage will come any more; what the worker knows of it may be forgotten.
    record StageClosed(int stage) implements SchedulerMessage {}

    /// Where the outputs are that every task of `stage` reads (broadcast and shuffle). Replaces
    /// what was said before. Outputs that aren't listed are empty.
    record InputsLocated(int stage, List<InputRun> inputs) implements SchedulerMessage {
        public InputsLocated {
            inputs = List.copyOf(inputs);
        }
    }

    /// Run these tasks, in order. Each ends in exactly one report: finished, failed, input missing
    /// or returned.
    ///
    /// @param inputs what they read beside the inputs of [InputsLocated]; for listed dependencies
    ///   in the order of `edges`
    /// @param edges for listed dependencies, how many runs of `inputs` each task has, in order of
    ///   the tasks; else empty
    record TasksAssigned(
            int stage, int from, int to, int attempt, List<InputRun> inputs, List<Integer> edges)
            implements SchedulerMessage {
        public TasksAssigned {
            inputs = List.copyOf(inputs);
            edges = List.copyOf(edges);
        }
    }

    /// The results aren't wanted: what hasn't started is returned, what runs is interrupted and
    /// returned when it has ended.
    record TasksCancelled(int stage, int from, int to, int attempt) implements SchedulerMessage {}

    /// Give back what hasn't started; answered by [WorkerMessage.StealAnswered] after the returns.
    record TasksStolen(int stage, int from, int to, int attempt) implements SchedulerMessage {}

    /// The outputs of this attempt and of earlier ones aren't needed any more, nor copies that are
    /// kept of them.
    record OutputsFreed(int stage, int from, int to, int attempt) implements SchedulerMessage {}

    /// Fetch these outputs of one attempt from the worker that holds them, those of partitions from
    /// `from` on, each with its rows and bytes, and hold them as if they had been made here. Each
    /// is answered by [WorkerMessage.Copied] or [WorkerMessage.NotCopied].
    ///
    /// @param worker the holder
    record OutputsCopied(
            int stage, int from, int attempt, int worker, List<Long> rows, List<Long> bytes)
            implements SchedulerMessage {
        public OutputsCopied {
            rows = List.copyOf(rows);
            bytes = List.copyOf(bytes);
            if (rows.isEmpty() || rows.size() != bytes.size()) {
                throw new IllegalArgumentException(
                        "%d rows and %d bytes of outputs".formatted(rows.size(), bytes.size()));
            }
        }
    }

    /// Nothing runs on the worker, which is to leave, and nothing that it holds is needed: it may
    /// go.
    record Retired() implements SchedulerMessage {}
}
