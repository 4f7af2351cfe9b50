package dev.quiver.planner;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.desc;
import static dev.quiver.dataframe.Functions.expr;
import static dev.quiver.dataframe.Functions.lit;
import static dev.quiver.dataframe.Functions.nUnique;
import static dev.quiver.dataframe.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Frames;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.On;
import dev.quiver.schema.DataType;
import org.junit.jupiter.api.Test;

/// What each rule makes of a plan.
class RulesTest {
    private final Fixtures.Session session = new Fixtures.Session();
    private final DataFrame sales = Fixtures.sales(session);
    private final DataFrame shops = Fixtures.shops(session);
    private final DataFrame parquet = Fixtures.parquet(session);

    private static Optimizer.Optimized optimized(DataFrame frame) {
        return Optimizer.optimize(Frames.plan(frame), new Estimates(Fixtures.CATALOG));
    }

    private static String tree(DataFrame frame) {
        return Fixtures.tree(optimized(frame).plan());
    }

    @Test
    void constants_are_computed_once() {
        DataFrame frame =
                sales.filter(expr("amount > 60 * 60 * 24 and true"))
                        .withColumn("x", lit(2).multiply(3));

        assertThat(tree(frame))
                .isEqualTo(
                        """
                        Select[region, amount, price, day, 6 as x]
                          Filter[amount > 86400]
                            Scan[sales.csv] [region, amount, price, day]\
                        """);
        assertThat(tree(sales.filter(expr("1 = 1"))))
                .isEqualTo("Scan[sales.csv] [region, amount, price, day]");
    }

    @Test
    void filters_move_through_projections_and_sorts_into_parquet_scans() {
        DataFrame frame =
                parquet.withColumn("twice", col("amount").multiply(2))
                        .sort("day")
                        .filter(col("price").gt(10).and(col("twice").lt(7)))
                        .select("region", "twice");

        assertThat(tree(frame))
                .isEqualTo(
                        """
                        Select[region, twice]
                          Sort[day]
                            Select[region, day, amount * 2 as twice]
                              Filter[price > 10.0 and amount * 2 < 7]
                                Scan[sales.parquet] [region, amount, price, day] price > 10.0\
                        """);
        assertThat(optimized(frame).fired()).containsKeys("FilterPushDown", "ProjectionPruning");
    }

    @Test
    void filters_move_to_the_side_of_a_join_that_they_are_about() {
        DataFrame joined = sales.join(shops, How.INNER, On.keys("region"));
        DataFrame frame =
                joined.filter(
                        col("amount")
                                .gt(5)
                                .and(col("manager").eq("Ann"))
                                .and(col("opened").lt(col("day"))));

        assertThat(tree(frame))
                .isEqualTo(
                        """
                        Filter[opened < day]
                          Join[inner: region] build RIGHT
                            Filter[amount > 5]
                              Scan[sales.csv] [region, amount, price, day]
                            Filter[manager = 'Ann']
                              Scan[shops.csv] [region, manager, opened]\
                        """);
    }

    @Test
    void a_filter_on_the_right_of_a_left_join_stays_above() {
        DataFrame frame =
                sales.join(shops, How.LEFT, On.keys("region")).filter(col("manager").isNull());

        assertThat(tree(frame))
                .startsWith("Filter[manager is null]\n  Join[left: region] build RIGHT");
    }

    @Test
    void a_condition_that_can_fail_is_not_tried_on_more_rows() {
        DataFrame frame =
                sales.join(shops, How.INNER, On.keys("region"))
                        .filter(col("manager").cast(DataType.INT64).gt(3));

        assertThat(tree(frame)).startsWith("Filter[cast(manager as int64) > 3]\n  Join");
        DataFrame guarded =
                sales.filter(col("region").ne("x"))
                        .filter(col("region").cast(DataType.INT64).gt(3));
        assertThat(tree(guarded))
                .startsWith("Filter[cast(region as int64) > 3]\n  Filter[region <> 'x']");
    }

    @Test
    void a_filter_on_keys_chooses_rows_before_they_are_grouped() {
        DataFrame frame =
                sales.groupBy(col("day").dt().month().as("month"))
                        .agg(count(), sum("amount"))
                        .filter(col("month").eq(3).and(col("count").gt(10)))
                        .select("month", "count");

        assertThat(tree(frame))
                .isEqualTo(
                        """
                        Filter[count > 10]
                          GroupBy[month(day) as month: count() as count]
                            Filter[month(day) = 3]
                              Scan[sales.csv] [day]\
                        """);
    }

    @Test
    void scans_read_only_the_columns_that_are_used() {
        assertThat(tree(sales.groupBy("region").agg(sum("amount"))))
                .endsWith("Scan[sales.csv] [region, amount]");
        assertThat(tree(sales.agg(count()))).endsWith("Scan[sales.csv] [day]");
        assertThat(tree(sales.union(sales).select("day")))
                .isEqualTo(
                        """
                        Union[2 inputs]
                          Scan[sales.csv] [day]
                          Scan[sales.csv] [day]\
                        """);
    }

    @Test
    void a_join_carries_only_what_is_used() {
        DataFrame frame =
                sales.filter(col("price").gt(1))
                        .join(shops, How.LEFT, On.keys("region"))
                        .groupBy("manager")
                        .agg(sum("amount"));

        assertThat(tree(frame))
                .isEqualTo(
                        """
                        GroupBy[manager: sum(amount) as amount_sum]
                          Join[left: region] build RIGHT
                            Select[region, amount]
                              Filter[price > 1.0]
                                Scan[sales.csv] [region, amount, price]
                            Scan[shops.csv] [region, manager]\
                        """);
    }

    @Test
    void a_limit_behind_a_sort_keeps_only_the_first_rows() {
        DataFrame frame = sales.sort(desc("amount")).select("region", "amount").limit(5).limit(9);

        assertThat(tree(frame))
                .isEqualTo(
                        """
                        TopK[5 by amount desc]
                          Scan[sales.csv] [region, amount]\
                        """);
        assertThat(optimized(frame).fired()).containsKeys("TopRowsOfSort", "LimitPushDown");
    }

    @Test
    void limits_move_into_unions_once() {
        assertThat(tree(sales.union(sales).limit(5)))
                .isEqualTo(
                        """
                        Limit[5]
                          Union[2 inputs]
                            Limit[5]
                              Scan[sales.csv] [region, amount, price, day]
                            Limit[5]
                              Scan[sales.csv] [region, amount, price, day]\
                        """);
    }

    @Test
    void projections_in_a_row_become_one_unless_work_would_be_done_twice() {
        DataFrame once = sales.withColumn("x", expr("amount + 1")).select(expr("x * 2").as("y"));
        DataFrame twice = sales.withColumn("x", expr("amount + 1")).select(expr("x * x").as("y"));

        assertThat(tree(once)).startsWith("Select[(amount + 1) * 2 as y]\n  Scan");
        assertThat(tree(twice)).startsWith("Select[x * x as y]\n  Select[amount + 1 as x]\n  ");
    }

    @Test
    void counting_different_values_of_one_column_makes_them_distinct_first() {
        assertThat(tree(sales.groupBy("region").agg(nUnique("day"))))
                .isEqualTo(
                        """
                        GroupBy[region: count("#value") as day_n_unique]
                          GroupBy[region, day as #value]
                            Scan[sales.csv] [region, day]\
                        """);
    }

    @Test
    void the_smaller_side_of_an_inner_join_becomes_the_table() {
        assertThat(tree(shops.join(sales, How.INNER, On.keys("region"))))
                .startsWith("Join[inner: region] build LEFT");
        assertThat(tree(shops.join(sales, How.LEFT, On.keys("region"))))
                .startsWith("Join[left: region] build RIGHT");
    }

    @Test
    void a_plan_that_is_good_is_left_alone() {
        DataFrame frame = sales.groupBy("region", "amount", "price", "day").count();

        assertThat(optimized(frame).fired()).isEmpty();
        assertThat(optimized(frame).plan()).isSameAs(Frames.plan(frame));
    }

    @Test
    void hundreds_of_columns_added_one_by_one_become_one_projection() {
        DataFrame frame = sales;
        for (int i = 0; i < 300; i++) frame = frame.withColumn("c" + i, col("amount").plus(i));

        Optimizer.Optimized plan = optimized(frame);

        assertThat(plan.plan().inputs().getFirst().inputs()).isEmpty();
        assertThat(plan.plan().schema()).isEqualTo(frame.schema());
    }
}
