package dev.quiver.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final int SEEDS = 2_000;
    private static final int EVENTS_MEDIAN_MIN = 2_000;

    /// One in so many simulations, or more, at least.
    private static final int REPLICAS_USED_MIN = 20;

    @Test
    void every_seed_ends_with_the_right_outputs_and_nothing_left_behind() {
        long first = Seeds.first();
        int count = (int) Seeds.count(SEEDS);

        List<Simulation.Result> results =
                IntStream.range(0, count).parallel().mapToObj(i -> run(first + i)).toList();

        int[] events = results.stream().mapToInt(Simulation.Result::events).sorted().toArray();
        int replicas = results.stream().mapToInt(Simulation.Result::replicasUsed).sum();
        System.out.printf(
                "%d seeds from %d, median %d events, %d replicas used%n",
                count, first, events[count / 2], replicas);
        if (!Seeds.isOne()) {
            assertThat(events[count / 2]).isGreaterThanOrEqualTo(EVENTS_MEDIAN_MIN);
            assertThat(replicas).isGreaterThanOrEqualTo(count / REPLICAS_USED_MIN);
        }
    }

    private static Simulation.Result run(long seed) {
        try {
            Simulation.Result result = Simulation.run(seed);
            if (Seeds.isOne()) {
                System.out.println(Simulation.tail(seed));
            }
            return result;
        } catch (IllegalStateException e) {
            System.out.println(Simulation.tail(seed));
            return fail("simulation fails; run it alone with -Dseed=" + seed, e);
        }
    }

    @Test
    void the_same_seed_makes_the_same_trace() {
        for (long seed = 1; seed <= 40; seed++) {
            Simulation.Result once = Simulation.run(seed);
            Simulation.Result again = Simulation.run(seed);

            assertEquals(once, again, "seed " + seed);
        }
    }
}
