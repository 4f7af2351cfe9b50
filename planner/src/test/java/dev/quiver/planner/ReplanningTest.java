package dev.quiver.planner;

import static dev.quiver.dataframe.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Frames;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.On;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReplanningTest {
    private final Fixtures.Session session = new Fixtures.Session();

    /// A join of two sides that are exchanged, and another one of that with a third.
    private StagePlan joins() {
        DataFrame kept = Fixtures.held(session, "kept");
        DataFrame joined =
                kept.select("region", "amount")
                        .join(kept.select("region", "price"), How.INNER, On.keys("region"))
                        .join(kept.select("amount", "day"), How.INNER, On.keys("amount"));
        return new Planner(Fixtures.CATALOG).plan(Frames.plan(joined), StageNumbers.fromZero());
    }

    private static Replanning later(StagePlan plan) {
        return plan.replanning().orElseThrow();
    }

    /// Of each partition of an exchange, all slices but one with a few rows.
    private static long[][] rows(int partitions, long few, long many) {
        return Stream.generate(
                        () -> {
                            var rows = new long[256];
                            Arrays.fill(rows, few);
                            rows[9] = many;
                            return rows;
                        })
                .limit(partitions)
                .toArray(long[][]::new);
    }

    @Test
    void the_readers_of_two_exchanges_wait_for_both_and_those_of_others_for_them() {
        StagePlan plan = joins();

        assertThat(later(plan).awaited()).containsExactly(0, 1, 3, 4);
        assertThat(later(plan).heldBack()).containsExactly(2, 3, 5, 6);
        StagePlan one = later(plan).replanned(Map.of(1, rows(40, 3000, 3000)));
        assertThat(later(one).heldBack()).containsExactly(2, 3, 5, 6);
    }

    @Test
    void a_plan_with_what_was_found_has_the_same_stages_and_other_readers() {
        StagePlan plan = joins();

        StagePlan known =
                later(plan)
                        .replanned(Map.of(0, rows(40, 3_000, 900_000), 1, rows(40, 3_000, 3_000)));

        assertThat(later(known).awaited()).containsExactly(3, 4);
        assertThat(later(known).heldBack()).containsExactly(5, 6);
        assertThat(known.result()).isEqualTo(plan.result());
        assertThat(Fixtures.stages(known))
                .isEqualTo(
                        """
                        0 x40 narrow(7): Input > Project > Exchange/256
                        1 x40 narrow(7): Input > Project > Exchange/256
                        2 x256 shuffle(1/256): Input > BuildTable
                        3 x295 regions(0: 295) listed(295): Input > Probe > Exchange/128
                        4 x40 narrow(7): Input > Project > Exchange/128
                        5 x128 shuffle(4/128): Input > BuildTable
                        6 x128 shuffle(3/128) narrow(5): Input > Probe > Collect wanted\
                        """);
    }

    @Test
    void small_buckets_of_a_grouping_are_read_together_when_it_is_known_that_they_are() {
        DataFrame sorted =
                Fixtures.held(session, "kept")
                        .groupBy("region", "day")
                        .agg(sum("amount"))
                        .sort("region");
        StagePlan plan =
                new Planner(Fixtures.CATALOG).plan(Frames.plan(sorted), StageNumbers.fromZero());

        StagePlan known =
                later(plan).replanned(Map.of(0, new long[][] {new long[16], new long[16]}));

        assertThat(later(plan).awaited()).containsExactly(0);
        assertThat(known.replanning()).isEmpty();
        assertThat(Fixtures.stages(known))
                .isEqualTo(
                        """
                        0 x8 fanin(7 by 5): Input > PARTIAL/16
                        1 x2 regions(0: 2): Input > FINAL/1
                        2 x2 narrow(1): Input > SortRun
                        3 x8 broadcast(2): Input > MergeSorted/8 wanted\
                        """);
    }
}
