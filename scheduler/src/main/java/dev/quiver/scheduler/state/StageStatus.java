package dev.quiver.scheduler.state;

/// How far a stage is. The counts of tasks add up to `total`.
///
/// @param waiting for inputs, for a retry's back-off, or not needed by anybody
/// @param ready for a worker
/// @param assigned to a worker
/// @param finished at least once, and not lost since
/// @param dropped because enough was known without them
/// @param failed for good
/// @param rows of the tasks that finished
/// @param bytes of the tasks that finished
/// @param nanos time spent in tasks that finished, all workers together
public record StageStatus(
        int stage,
        String name,
        int total,
        int waiting,
        int ready,
        int assigned,
        int finished,
        int dropped,
        int failed,
        long rows,
        long bytes,
        long nanos) {}
