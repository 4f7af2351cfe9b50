package dev.quiver.scheduler.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DurationsTest {
    @Test
    void the_median_is_at_most_a_fifth_too_small() {
        long seed = Long.getLong("seed", 7);
        System.out.println("seed " + seed);
        var random = new SplittableRandom(seed);

        for (int round = 0; round < 200; round++) {
            var durations = new Durations();
            long[] nanos =
                    random.longs(1 + random.nextInt(50), 1, 1L << (2 + random.nextInt(60)))
                            .toArray();
            Arrays.stream(nanos).forEach(durations::add);

            Arrays.sort(nanos);
            long median = nanos[(nanos.length - 1) / 2];
            assertThat(durations.median()).isBetween((long) (median * 0.8), median);
        }
    }

    @Test
    void nothing_has_a_median_of_zero() {
        var durations = new Durations();

        long median = durations.median();

        assertThat(median).isZero();
    }
}
