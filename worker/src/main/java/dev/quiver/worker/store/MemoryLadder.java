package dev.quiver.worker.store;

/// At which shares of the counted memory a worker does what.
///
/// @param target spilling goes on until no more than this is used
/// @param spill spilling begins above it
/// @param pause no task is admitted that would need more
/// @param refuse allocations beyond are refused, so that what must not fail still finds room
public record MemoryLadder(double target, double spill, double pause, double refuse) {
    public static final MemoryLadder DEFAULT = new MemoryLadder(0.60, 0.70, 0.80, 0.95);

    public MemoryLadder {
        if (!(0 < target && target <= spill && spill <= pause && pause <= refuse && refuse <= 1))
            throw new IllegalArgumentException(
                    "target=%s, spill=%s, pause=%s, refuse=%s: must be 0 < … <= … <= 1"
                            .formatted(target, spill, pause, refuse));
    }

    /// How many bytes to spill now.
    public long toSpill(long usedBytes, long limitBytes) {
        if (usedBytes <= limitBytes * spill) return 0;
        return usedBytes - (long) (limitBytes * target);
    }

    /// What tasks may set aside.
    public long free(long usedBytes, long limitBytes) {
        return Math.max(0, (long) (limitBytes * pause) - usedBytes);
    }
}
