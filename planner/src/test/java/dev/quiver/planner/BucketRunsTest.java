package dev.quiver.planner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Region;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BucketRunsTest {
    private static final long MB = 1L << 20;

    private static long[] each(int buckets, long bytes) {
        var all = new long[buckets];
        Arrays.fill(all, bytes);
        return all;
    }

    @Test
    void two_tasks_read_what_is_small() {
        BucketRuns runs = BucketRuns.of(each(16, 300));

        assertThat(runs.of(4))
                .isEqualTo(
                        new Dependency.Regions(
                                4, List.of(Region.ofSlices(0, 8), Region.ofSlices(8, 16))));
        assertThat(runs.words()).isEqualTo("16 buckets in 2 tasks");
    }

    @Test
    void large_buckets_have_tasks_of_their_own() {
        BucketRuns runs = BucketRuns.of(each(16, MB));

        assertThat(runs.of(4)).isEqualTo(new Dependency.Shuffle(4, 16));
        assertThat(runs.words()).isEqualTo("16 buckets in 16 tasks");
    }

    @Test
    void small_buckets_beside_a_large_one_are_read_together() {
        long[] bytes = each(8, MB / 4);
        bytes[3] = 5 * MB;

        BucketRuns runs = BucketRuns.of(bytes);

        assertThat(runs.reads())
                .containsExactly(
                        Region.ofSlices(0, 3), Region.ofSlices(3, 4), Region.ofSlices(4, 8));
    }

    @Test
    void every_bucket_is_read_once_in_order_by_two_tasks_at_least() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("BucketRunsTest seed=" + seed);
        var random = new Random(seed);

        for (int round = 0; round < 2_000; round++) {
            int buckets = 2 << random.nextInt(5);
            long[] bytes = random.longs(buckets, 0, 1 + random.nextLong(3 * MB)).toArray();
            List<Region> reads = BucketRuns.of(bytes).reads();
            var read = new ArrayList<Integer>();
            for (Region region : reads)
                for (int b = region.fromSlice(); b < region.toSlice(); b++) read.add(b);

            assertThat(read).isEqualTo(IntStream.range(0, buckets).boxed().toList());
            assertThat(reads).hasSizeGreaterThanOrEqualTo(2);
        }
    }
}
