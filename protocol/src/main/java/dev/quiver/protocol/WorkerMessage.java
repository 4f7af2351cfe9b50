package dev.quiver.protocol;

import java.util.List;

/// What a worker tells the scheduler. Ranges of partitions are from `from` up to, not including,
/// `to`.
public sealed interface WorkerMessage {
    /// The tasks run now. Only sent where a worker can be lost without the scheduler.
    record Started(int stage, int from, int to, int attempt) implements WorkerMessage {}

    /// The attempt runs on, but waits for other tasks and needs no slot until it is said to have
    /// [Resumed]; that comes before its end, too.
    record Yielded(int stage, int partition, int attempt) implements WorkerMessage {}

    /// The attempt takes a slot again.
    record Resumed(int stage, int partition, int attempt) implements WorkerMessage {}

    /// The output is there and held until it is freed.
    ///
    /// @param nanos how long the attempt ran
    /// @param delays what it waited for
    record Finished(
            int stage,
            int partition,
            int attempt,
            long rows,
            long bytes,
            long nanos,
            TaskDelays delays)
            implements WorkerMessage {
        /// Of one that waited for nothing.
        public Finished(int stage, int partition, int attempt, long rows, long bytes, long nanos) {
            this(stage, partition, attempt, rows, bytes, nanos, TaskDelays.NONE);
        }
    }

    record Failed(int stage, int partition, int attempt, Failure failure)
            implements WorkerMessage {}

    /// The attempt didn't run because its input could not be fetched.
    ///
    /// @param inputWorker where it was looked for
    record InputMissing(
            int stage,
            int partition,
            int attempt,
            int inputStage,
            int inputPartition,
            int inputAttempt,
            int inputWorker)
            implements WorkerMessage {}

    /// The tasks have not run, or have ended without an output after they were cancelled.
    record Returned(int stage, int from, int to, int attempt) implements WorkerMessage {}

    /// All that could be given back was.
    record StealAnswered() implements WorkerMessage {}

    /// At the beginning of a session: these outputs of one attempt are held, those of partitions
    /// from `from` on, each with its rows and bytes.
    record Holding(int stage, int from, int attempt, List<Long> rows, List<Long> bytes)
            implements WorkerMessage {
        /// So many outputs go into one message at most.
        public static final int OUTPUTS_MAX = 4096;

        public Holding {
            rows = List.copyOf(rows);
            bytes = List.copyOf(bytes);
            if (rows.isEmpty() || rows.size() != bytes.size()) {
                throw new IllegalArgumentException(
                        "%d rows and %d bytes of outputs".formatted(rows.size(), bytes.size()));
            }
        }
    }

    /// At the beginning of a session: these attempts run, and each will end in one report.
    record Running(int stage, int from, int to, int attempt) implements WorkerMessage {}

    /// All that the worker holds and runs was told; it is ready for tasks. What was assigned before
    /// this session and hasn't started is given up.
    record Announced() implements WorkerMessage {}

    /// The worker is to leave: it wants no task any more, and goes when it is told
    /// [SchedulerMessage.Retired]. Comes again behind [Announced] of each session.
    record Retiring() implements WorkerMessage {}

    /// The output of an attempt that another worker made is held here, too, until it is freed.
    record Copied(int stage, int partition, int attempt) implements WorkerMessage {}

    /// It can't be: its holder doesn't have it or isn't reached, or there is no room for it here.
    record NotCopied(int stage, int partition, int attempt) implements WorkerMessage {}
}
