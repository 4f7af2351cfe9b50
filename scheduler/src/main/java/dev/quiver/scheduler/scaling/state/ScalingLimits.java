package dev.quiver.scheduler.scaling.state;

/// Between what the number of workers stays, and what it is to achieve.
///
/// @param workersMin so many are there in any case
/// @param workersMax more never are
/// @param targetNanos what waits is to be done in that time, where the most workers suffice for it
/// @param slots of a worker that is started
/// @param memoryBytes of a worker that is started: its budget of counted memory
public record ScalingLimits(
        int workersMin, int workersMax, long targetNanos, int slots, long memoryBytes) {
    /// What is held takes at most this part of all workers' memory.
    static final double MEMORY_FILL_MAX = 0.6;

    /// So many times the target passes between the need for a worker and its leaving.
    private static final int PATIENCE = 6;

    public ScalingLimits {
        if (workersMin < 0
                || workersMax < Math.max(1, workersMin)
                || targetNanos < 1
                || slots < 1
                || memoryBytes < 1) {
            throw new IllegalArgumentException(
                    "workers %d..%d, target %d ns, slots %d, memory %d"
                            .formatted(workersMin, workersMax, targetNanos, slots, memoryBytes));
        }
    }

    /// A worker that nobody needed for so long leaves.
    long patienceNanos() {
        return PATIENCE * targetNanos;
    }
}
