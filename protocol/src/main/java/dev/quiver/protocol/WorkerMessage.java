package dev.quiver.protocol;

/// What a worker tells the scheduler. Ranges of partitions are from `from` up to, not including,
/// `to`.
public sealed interface WorkerMessage {
    /// The tasks run now. Only sent where a worker can be lost without the scheduler.
    record Started(int stage, int from, int to, int attempt) implements WorkerMessage {}

    /// The output is there and held until it is freed.
    ///
    /// @param nanos how long the attempt ran
    record Finished(int stage, int partition, int attempt, long rows, long bytes, long nanos)
            implements WorkerMessage {}

    record Failed(int stage, int partition, int attempt, Failure failure)
            implements WorkerMessage {}

    /// The attempt didn't run because its input could not be fetched.
    record InputMissing(
            int stage,
            int partition,
            int attempt,
            int inputStage,
            int inputPartition,
            int inputAttempt)
            implements WorkerMessage {}

    /// The tasks have not run, or have ended without an output after they were cancelled.
    record Returned(int stage, int from, int to, int attempt) implements WorkerMessage {}

    /// All that could be given back was.
    record StealAnswered() implements WorkerMessage {}
}
