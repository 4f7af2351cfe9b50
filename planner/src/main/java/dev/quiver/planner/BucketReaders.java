package dev.quiver.planner;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Edges;
import dev.quiver.graph.Region;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/// Which tasks read which buckets of two sides that were exchanged to be joined: neighbouring small
/// buckets go to one task, and the probed rows of a bucket that is much larger than the others go
/// to several, by the tasks that made them, which all read the bucket's table.
///
/// There are at least two tasks where there are two buckets: of one partition other stages would be
/// made. Read one after the other, tasks give the same rows in the same order as one task a bucket.
///
/// @param buckets how many there are
/// @param tables what each task reads that makes a table
/// @param probes what each task reads that probes one
/// @param tableOf which table each of these probes
record BucketReaders(int buckets, List<Region> tables, List<Region> probes, List<Integer> tableOf) {
    BucketReaders {
        tables = List.copyOf(tables);
        probes = List.copyOf(probes);
        tableOf = List.copyOf(tableOf);
    }

    /// What an exchange made of one side.
    static final class Side {
        private final long[][] rows;
        private final double rowBytes;

        /// @param rows of each bucket, by the task that made them
        /// @param rowBytes about how large a row is
        Side(long[][] rows, double rowBytes) {
            this.rows = rows;
            this.rowBytes = rowBytes;
        }

        /// How many tasks made rows.
        int partitions() {
            return rows.length;
        }

        /// About how large each bucket is.
        long[] bytes() {
            int buckets = rows.length == 0 ? 0 : rows[0].length;
            var bytes = new long[buckets];
            for (int b = 0; b < buckets; b++)
                for (int p = 0; p < rows.length; p++) bytes[b] += bytes(p, b);
            return bytes;
        }

        private long bytes(int partition, int bucket) {
            return (long) Math.ceil((double) rows[partition][bucket] * rowBytes);
        }
    }

    static BucketReaders of(Side probe, Side build) {
        long[] probed = probe.bytes();
        long[] built = build.bytes();
        long median = median(probed);
        long share = LongStream.of(probed).sum() / Sizes.BUCKET_READERS_MIN;
        long probedMax = Math.min(Sizes.PROBE_TASK_BYTES, share);
        var tables = new ArrayList<Region>();
        var probes = new ArrayList<Region>();
        var tableOf = new ArrayList<Integer>();
        for (int from = 0, to; from < probed.length; from = to) {
            long probedBytes = probed[from];
            long builtBytes = built[from];
            int end = Math.min(probed.length, from + Math.max(1, probed.length / 2));
            for (to = from + 1; to < end; to++) {
                probedBytes += probed[to];
                builtBytes += built[to];
                if (probedBytes > probedMax || builtBytes > Sizes.JOIN_PARTITION_BYTES) break;
            }
            if (isSkewed(probed[from], median)) split(probe, from, median, probes);
            else probes.add(Region.ofSlices(from, to));
            while (tableOf.size() < probes.size()) tableOf.add(tables.size());
            tables.add(Region.ofSlices(from, to));
        }
        return new BucketReaders(probed.length, tables, probes, tableOf);
    }

    private static long median(long[] bytes) {
        long[] sorted = bytes.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static boolean isSkewed(long bytes, long median) {
        return bytes > 2 * Sizes.PROBE_TASK_BYTES && bytes > Sizes.SKEW_FACTOR * median;
    }

    private static void split(Side probe, int bucket, long median, List<Region> regions) {
        long enough = Math.max(Sizes.PROBE_TASK_BYTES, median);
        int from = 0;
        long bytes = 0;
        for (int p = 0; p < probe.rows.length; p++) {
            bytes += probe.bytes(p, bucket);
            boolean last = p == probe.rows.length - 1;
            if (bytes < enough && !last) continue;
            regions.add(new Region(from, p + 1, bucket, bucket + 1));
            from = p + 1;
            bytes = 0;
        }
    }

    /// Whether each bucket is read by a task of its own.
    boolean isPlain() {
        return tables.size() == buckets && probes.size() == buckets;
    }

    /// What the tasks read that make tables.
    Dependency built(int stage) {
        return tables.size() == buckets
                ? new Dependency.Shuffle(stage, buckets)
                : new Dependency.Regions(stage, tables);
    }

    /// What the tasks read that probe the tables, of the other side.
    Dependency probed(int stage) {
        return isPlain()
                ? new Dependency.Shuffle(stage, buckets)
                : new Dependency.Regions(stage, probes);
    }

    /// Which of the tables they read.
    Dependency tables(int stage) {
        if (probes.size() == tables.size()) return new Dependency.Narrow(stage);
        Edges.Builder edges = Edges.builder();
        for (int table : tableOf) edges.input(stage, table).endRow();
        return new Dependency.Listed(edges.build());
    }

    /// In a few words, such as `32 buckets in 9 tasks, 1 split in 4`.
    String words() {
        var tasks = new int[tables.size()];
        for (int table : tableOf) tasks[table]++;
        int[] split = Arrays.stream(tasks).filter(count -> count > 1).toArray();
        String all = "%d buckets in %d tasks".formatted(buckets, probes.size());
        return split.length == 0
                ? all
                : "%s, %d split in %d".formatted(all, split.length, Arrays.stream(split).sum());
    }
}
