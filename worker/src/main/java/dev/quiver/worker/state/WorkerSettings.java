package dev.quiver.worker.state;

/// What a worker has and how it behaves.
///
/// @param worker its number
/// @param slots how many tasks run at a time
/// @param memoryBytes counted memory that tasks may set aside
/// @param reportStarts whether to tell the scheduler when a task starts: so that it knows which
///   tasks ran when the worker is lost. Not needed in one process
/// @param fetchRetryNanos after which time a fetch that wasn't answered is sent again; 0 = never
public record WorkerSettings(
        int worker, int slots, long memoryBytes, boolean reportStarts, long fetchRetryNanos) {
    public WorkerSettings {
        if (worker < 0 || slots < 1 || memoryBytes < 0 || fetchRetryNanos < 0) {
            throw new IllegalArgumentException(
                    "worker=%d, slots=%d, memoryBytes=%d, fetchRetryNanos=%d: slots must be >= 1, others >= 0"
                            .formatted(worker, slots, memoryBytes, fetchRetryNanos));
        }
    }

    /// A worker in the scheduler's process.
    public static WorkerSettings local(int worker, int slots, long memoryBytes) {
        return new WorkerSettings(worker, slots, memoryBytes, false, 0);
    }
}
