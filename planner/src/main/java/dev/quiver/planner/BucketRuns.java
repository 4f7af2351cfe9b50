package dev.quiver.planner;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Region;
import java.util.ArrayList;
import java.util.List;

/// Which tasks read which buckets of rows that were exchanged to be grouped: neighbouring small
/// buckets go to one task, which reads one after the other, so that tasks in their order give the
/// same groups in the same order as one task a bucket.
///
/// There are at least two tasks where there are two buckets: of one partition other stages would be
/// made.
///
/// @param buckets how many there are
/// @param reads what each task reads
record BucketRuns(int buckets, List<Region> reads) {
    BucketRuns {
        reads = List.copyOf(reads);
    }

    /// @param bytes about how many each bucket has
    static BucketRuns of(long[] bytes) {
        int longest = Math.max(1, bytes.length / 2);
        var reads = new ArrayList<Region>();
        for (int from = 0, to; from < bytes.length; from = to) {
            int end = Math.min(bytes.length, from + longest);
            long read = bytes[from];
            for (to = from + 1; to < end; to++) {
                read += bytes[to];
                if (read > Sizes.GROUPED_TASK_BYTES) break;
            }
            reads.add(Region.ofSlices(from, to));
        }
        return new BucketRuns(bytes.length, reads);
    }

    /// What the tasks read of a stage.
    Dependency of(int stage) {
        return reads.size() == buckets
                ? new Dependency.Shuffle(stage, buckets)
                : new Dependency.Regions(stage, reads);
    }

    /// In a few words, such as `16 buckets in 2 tasks`.
    String words() {
        return "%d buckets in %d tasks".formatted(buckets, reads.size());
    }
}
