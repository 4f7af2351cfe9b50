package dev.quiver.planner;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.desc;
import static dev.quiver.dataframe.Functions.mean;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.dataframe.Analysis;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Frames;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.On;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExplainTest {
    private final Fixtures.Session session = new Fixtures.Session();

    private DataFrame frame() {
        return Fixtures.parquet(session)
                .filter(col("amount").gt(15))
                .join(Fixtures.shops(session), How.LEFT, On.keys("region"))
                .groupBy("manager")
                .agg(count().as("late"), mean("price"))
                .sort(desc("late"))
                .limit(10);
    }

    @Test
    void a_plan_is_explained_with_estimates_rules_and_stages() {
        assertThat(frame().explain())
                .isEqualTo(
                        """
                        plan                                                  rows     bytes  order
                        TopK[10 by late desc]                                  ~10     284 B  Ordered
                          GroupBy[manager: count() as late, mean(pri…      ~35,000    970 KB  Unordered
                            Join[left: region], table of the right s…     ~350,000   10.8 MB  Unordered
                              Select[region, price]                       ~350,000    6.8 MB  Ordered
                                Filter[amount > 15]                       ~350,000    9.5 MB  Ordered
                                  Scan[sales.parquet] 3 of 4 columns     1,000,000   27.1 MB  Ordered
                                    skips unless amount > 15
                              Scan[shops.csv] 2 of 3 columns                  ~400    9.5 KB  Ordered
                        order: Ordered(late desc)
                        rules: FilterPushDown, ProjectionPruning, TopRowsOfSort

                        stages                                        partitions   reads
                          0  scan shops.csv: build table on region             1
                          1  scan sales.parquet: group by manager (p…          5   all of 0
                          2  group by manager (merge)                         16   slices of 1
                          3  top 10 by late desc                               1   all of 2
                        peak memory: about 6.6 MB\
                        """);
    }

    @Test
    void kept_stages_are_told_from_those_of_the_plan() {
        String text = Fixtures.held(session, "kept").groupBy("region").count().explain();

        assertThat(text)
                .contains("  0  persisted kept: group by region (partia…          8   kept by 5\n")
                .contains(
                        "  1  group by region (merge)                          16   slices of 0\n");
    }

    @Test
    void it_fits_eighty_columns() {
        assertThat(frame().explain().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void what_happened_stands_beside_what_was_expected() {
        StagePlan plan =
                new Planner(Fixtures.CATALOG).plan(Frames.plan(frame()), StageNumbers.fromZero());

        Analysis analysis =
                Planner.analysis(
                        plan,
                        (stage, step) -> Optional.of(new Planner.Actual(stage, step, 1_500_000)),
                        Duration.ofMillis(12),
                        10,
                        4_000_000);

        assertThat(analysis.toString())
                .isEqualTo(
                        """
                        operator                                       rows    estimated         ms
                        top 10 by late desc                               3           10        1.5
                          input                                           3       35,000        1.5
                        group by manager (merge)                          2       35,000        1.5
                          input                                           2      175,000        1.5
                        group by manager (partial)                        1      175,000        1.5
                          left join on region                             1      350,000        1.5
                          select region, price                            1      350,000        1.5
                          filter amount > 15                              1      350,000        1.5
                          scan sales.parquet                              1    1,000,000        1.5
                        build table on region                             0          400        1.5
                          scan shops.csv                                  0          400        1.5
                        10 rows in 12.0 ms, peak memory 4,000,000 bytes\
                        """);
    }
}
