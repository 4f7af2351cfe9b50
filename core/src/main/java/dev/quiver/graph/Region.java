package dev.quiver.graph;

/// Some slices of some neighbouring partitions of a stage: those from `fromSlice` up to, not
/// including, `toSlice` of the partitions from `fromPartition` up to, not including, `toPartition`.
///
/// @param toPartition may lie beyond the last one
public record Region(int fromPartition, int toPartition, int fromSlice, int toSlice) {
    public Region {
        if (fromPartition < 0
                || toPartition <= fromPartition
                || fromSlice < 0
                || toSlice <= fromSlice) {
            throw new IllegalArgumentException(
                    "a region of the partitions %d to %d and the slices %d to %d is empty"
                            .formatted(fromPartition, toPartition, fromSlice, toSlice));
        }
    }

    /// Slices of all partitions.
    public static Region ofSlices(int from, int to) {
        return new Region(0, Integer.MAX_VALUE, from, to);
    }

    /// How many slices of each partition it has.
    public int slices() {
        return toSlice - fromSlice;
    }
}
