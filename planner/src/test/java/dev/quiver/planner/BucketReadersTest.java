package dev.quiver.planner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Region;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A row is a byte here, or a MiB.
class BucketReadersTest {
    private static final double MB = 1 << 20;

    private static BucketReaders.Side evenly(int buckets, double rowBytes) {
        return new BucketReaders.Side(new long[][] {filled(buckets, 1)}, rowBytes);
    }

    private static long[] filled(int buckets, long rows) {
        var all = new long[buckets];
        Arrays.fill(all, rows);
        return all;
    }

    @Test
    void buckets_of_the_expected_size_are_read_by_a_task_each() {
        BucketReaders readers = BucketReaders.of(evenly(32, 8 * MB), evenly(32, MB));

        assertThat(readers.isPlain()).isTrue();
        assertThat(readers.built(5)).isEqualTo(new Dependency.Shuffle(5, 32));
        assertThat(readers.tables(7)).isEqualTo(new Dependency.Narrow(7));
        assertThat(readers.words()).isEqualTo("32 buckets in 32 tasks");
    }

    @Test
    void neighbouring_small_buckets_are_read_together_as_long_as_enough_tasks_are_left() {
        BucketReaders readers = BucketReaders.of(evenly(256, 1000), evenly(256, 100));

        assertThat(readers.probes()).hasSize(8).contains(Region.ofSlices(32, 64));
        assertThat(readers.tables()).isEqualTo(readers.probes());
        assertThat(readers.tables(7)).isEqualTo(new Dependency.Narrow(7));
    }

    @Test
    void empty_buckets_leave_two_tasks() {
        var none = new BucketReaders.Side(new long[3][64], 10);

        BucketReaders readers = BucketReaders.of(none, none);

        assertThat(readers.probes())
                .containsExactly(Region.ofSlices(0, 32), Region.ofSlices(32, 64));
    }

    @Test
    void a_skewed_bucket_is_split_by_the_tasks_that_made_it() {
        long[] rows = filled(16, 1);
        rows[3] = 3;
        var probe = new BucketReaders.Side(new long[][] {rows, rows, rows, rows, rows}, MB);

        BucketReaders readers = BucketReaders.of(probe, evenly(16, MB / 2));

        assertThat(readers.words()).isEqualTo("16 buckets in 16 tasks");
        rows[3] = 10;
        assertThat(BucketReaders.of(probe, evenly(16, MB)).probes())
                .hasSize(20)
                .startsWith(Region.ofSlices(0, 1))
                .contains(new Region(0, 1, 3, 4), new Region(4, 5, 3, 4));
        assertThat(BucketReaders.of(probe, evenly(16, MB)).tableOf())
                .startsWith(0, 1, 2, 3, 3, 3, 3, 3, 4);
        assertThat(BucketReaders.of(probe, evenly(16, MB)).words())
                .isEqualTo("16 buckets in 20 tasks, 1 split in 5");
    }

    @Test
    void random_buckets_are_read_once_each_and_in_order() {
        long seed = Long.getLong("seed", 23L);
        System.out.println("BucketReadersTest seed=" + seed);
        var random = new Random(seed);

        for (int i = 0; i < 300; i++) {
            int buckets = 2 << random.nextInt(6);
            BucketReaders.Side probe = random(random, buckets);
            BucketReaders readers = BucketReaders.of(probe, random(random, buckets));

            assertThat(readers.probes().size()).isGreaterThanOrEqualTo(2);
            assertThat(cells(readers.probes(), probe.partitions()))
                    .isEqualTo(all(buckets, probe.partitions()));
            assertThat(cells(readers.tables(), 1)).isEqualTo(all(buckets, 1));
        }
    }

    private static BucketReaders.Side random(Random random, int buckets) {
        var rows = new long[1 + random.nextInt(9)][buckets];
        double skew = random.nextInt(4);
        for (long[] one : rows)
            for (int b = 0; b < buckets; b++)
                one[b] = (long) (Math.pow(random.nextDouble(), skew * 4) * 1e6);
        return new BucketReaders.Side(rows, random.nextDouble() * 100);
    }

    /// Which cells are read, as if one task read after the other: by region, slice and partition.
    private static List<String> cells(List<Region> regions, int partitions) {
        var cells = new ArrayList<String>();
        for (Region region : regions)
            for (int slice = region.fromSlice(); slice < region.toSlice(); slice++)
                for (int p = region.fromPartition();
                        p < Math.min(partitions, region.toPartition());
                        p++) cells.add(slice + " of " + p);
        return cells;
    }

    private static List<String> all(int buckets, int partitions) {
        return cells(List.of(Region.ofSlices(0, buckets)), partitions);
    }
}
