package dev.quiver.worker.state;

import dev.quiver.protocol.Failure;
import dev.quiver.protocol.SchedulerMessage;

/// Something that happened outside the worker's state.
public sealed interface WorkerEvent {
    /// A session with a scheduler begins, the first one too where a scheduler may be replaced: the
    /// worker tells what it holds and runs. Reports that were made before and haven't been sent are
    /// void. Ignored when a scheduler of a later epoch was met.
    ///
    /// @param epoch the scheduler's; the same again when the last session broke
    record SessionBegan(int epoch) implements WorkerEvent {}

    /// The scheduler told the worker something. Ignored unless it is of the epoch of the last
    /// [SessionBegan]: an earlier one has been replaced and may not know it.
    record SchedulerSaid(int epoch, SchedulerMessage message) implements WorkerEvent {
        /// From a scheduler that is never replaced.
        public SchedulerSaid(SchedulerMessage message) {
            this(0, message);
        }
    }

    /// The worker is to leave; tells every scheduler so until one lets it go by
    /// [WorkerCommand.Leave].
    record Retiring() implements WorkerEvent {}

    /// The attempt has ended with an output, which the shell holds until
    /// [WorkerCommand.DropOutput].
    ///
    /// @param nanos how long it ran
    /// @param spillNanos how much of that went into files of what there is no memory for
    record Executed(
            int stage,
            int partition,
            int attempt,
            long rows,
            long bytes,
            long nanos,
            long spillNanos)
            implements WorkerEvent {
        /// Of one that had memory enough.
        public Executed(int stage, int partition, int attempt, long rows, long bytes, long nanos) {
            this(stage, partition, attempt, rows, bytes, nanos, 0);
        }
    }

    /// The attempt has ended without an output: it threw, was refused memory or was interrupted. A
    /// failure of kind `CANCELLED` says that the interrupt was heeded.
    record Threw(int stage, int partition, int attempt, Failure failure) implements WorkerEvent {}

    /// The attempt waits for something that other tasks do: until it says [Resuming] it needs no
    /// slot.
    record Yielded(int stage, int partition, int attempt) implements WorkerEvent {}

    /// What the attempt waited for is there; it goes on when it is told [WorkerCommand.Resume], or
    /// when it is interrupted.
    record Resuming(int stage, int partition, int attempt) implements WorkerEvent {}

    /// A fetched input is here; the shell holds the copy until [WorkerCommand.DropInput].
    record InputArrived(int stage, int partition, int attempt, int slice) implements WorkerEvent {}

    /// The holder doesn't have it or can't be reached.
    record InputUnavailable(int stage, int partition, int attempt, int slice)
            implements WorkerEvent {}

    /// Counted memory that tasks may set aside, after what chunks and other users hold. Until it is
    /// told, the budget given at construction.
    record MemoryChanged(long bytesFree) implements WorkerEvent {}

    /// The time. Comes whenever it has changed, at the latest at [WorkerState#wakeNanos()].
    record Ticked(long nanos) implements WorkerEvent {}
}
