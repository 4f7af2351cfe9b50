package dev.quiver.planner;

/// What of a plan must fit into the memory of each worker. Workers of 1 GB and more have all the
/// same limits, so that plans don't depend on how large they are.
///
/// @param broadcastBytesMax hash tables that are expected to be smaller are made once, for all
///   partitions
/// @param sortedPartitionBytes about what a partition of sorted rows holds
/// @param groupedPartitionBytes about what a partition reads at most whose rows are grouped before
///   those of all partitions are
record MemoryLimits(long broadcastBytesMax, long sortedPartitionBytes, long groupedPartitionBytes) {
    private static final long MB = 1L << 20;
    private static final long BROADCAST_BYTES_MAX = 64 * MB;
    private static final long BROADCAST_SHARE = 8;
    private static final long GROUPED_PARTITION_BYTES = 128 * MB;
    private static final long GROUPED_SHARE = 8;
    private static final long SORTED_PARTITION_BYTES = 32 * MB;
    private static final long SORTED_SHARE = 16;

    /// @param workerBytes the budget of the smallest worker
    static MemoryLimits of(long workerBytes) {
        return new MemoryLimits(
                Math.clamp(workerBytes / BROADCAST_SHARE, MB, BROADCAST_BYTES_MAX),
                Math.clamp(workerBytes / SORTED_SHARE, MB, SORTED_PARTITION_BYTES),
                Math.clamp(workerBytes / GROUPED_SHARE, MB, GROUPED_PARTITION_BYTES));
    }
}
