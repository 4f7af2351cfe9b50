package dev.quiver.dataframe;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.desc;
import static dev.quiver.dataframe.Functions.expr;
import static dev.quiver.dataframe.Functions.last;
import static dev.quiver.dataframe.Functions.lit;
import static dev.quiver.dataframe.Functions.max;
import static dev.quiver.dataframe.Functions.mean;
import static dev.quiver.dataframe.Functions.nUnique;
import static dev.quiver.dataframe.Functions.std;
import static dev.quiver.dataframe.Functions.sum;
import static dev.quiver.dataframe.Functions.when;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.ReadOptions;
import dev.quiver.dataframe.plan.WriteOptions;
import dev.quiver.schema.DataType;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What each verb means: its schema and its plan.
class FramePlansTest {
    private final Fixtures.Planless runner = new Fixtures.Planless();
    private final DataFrame sales = Fixtures.sales(runner);

    private static String schema(DataFrame frame) {
        return frame.schema().toString();
    }

    @Test
    void a_chain_is_a_plan_that_reads_from_below() {
        DataFrame late =
                sales.filter(col("amount").gt(15))
                        .groupBy("region")
                        .agg(count().as("late"), mean("price"), max("price"))
                        .sort(desc("late"))
                        .limit(3);

        assertThat(Fixtures.tree(late))
                .isEqualTo(
                        """
                        Limit[3]
                          Sort[late desc]
                            GroupBy[region: count() as late, mean(price) as price_mean, max(price) as price_max] ~
                              Filter[amount > 15]
                                Scan[sales.csv]\
                        """);
        assertThat(schema(late))
                .isEqualTo(
                        """
                        region: utf8
                        late: int64 not null
                        price_mean: float64
                        price_max: float64\
                        """);
    }

    @Test
    void unnamed_aggregates_are_named_after_their_column() {
        DataFrame totals =
                sales.agg(
                        count(),
                        col("day").count(),
                        sum("amount"),
                        std("price"),
                        nUnique("region"),
                        last("product"),
                        col("day").dt().month().max(),
                        col("price").cast(DataType.INT64).as("whole").min(),
                        when(col("day").isNull()).then(1).otherwise(0).sum());

        assertThat(totals.schema().names())
                .containsExactly(
                        "count",
                        "day_count",
                        "amount_sum",
                        "price_std",
                        "region_n_unique",
                        "product_last",
                        "day_month_max",
                        "whole_min",
                        "sum");
    }

    @Test
    void an_aggregate_of_an_expression_reads_either_way() {
        Expr notional = col("price").multiply(col("amount"));

        DataFrame behind = sales.groupBy("region").agg(notional.sum().as("n"), notional.max());
        DataFrame before = sales.groupBy("region").agg(sum(notional).as("n"), max(notional));

        assertThat(Fixtures.tree(before)).isEqualTo(Fixtures.tree(behind));
        assertThat(Fixtures.tree(sales.sort(desc(notional))))
                .isEqualTo(Fixtures.tree(sales.sort(notional.desc())));
    }

    @Test
    void aggregates_combine() {
        DataFrame ratios =
                sales.groupBy("region")
                        .agg(
                                sum("price").divide(sum("amount")).as("ratio"),
                                sum("amount"),
                                sum("amount").filter(col("price").gt(1)).as("dear"));

        assertThat(Fixtures.tree(ratios))
                .isEqualTo(
                        """
                        Select[region, "#1 of ratio" / cast("#2 of ratio" as float64) as ratio, "#2 of ratio" as amount_sum, dear] ~
                          GroupBy[region: sum(price) as #1 of ratio, sum(amount) as #2 of ratio, sum(amount) filter (where price > 1.0) as dear] ~
                            Scan[sales.csv]\
                        """);
        assertThat(ratios.schema().names())
                .containsExactly("region", "ratio", "amount_sum", "dear");
    }

    @Test
    void keys_may_be_expressions_and_be_used_in_aggregates() {
        DataFrame months =
                sales.groupBy(col("day").dt().month().as("month"))
                        .agg(sum("amount").multiply(col("day").dt().month()).as("weighted"));

        assertThat(months.schema().names()).containsExactly("month", "weighted");
    }

    @Test
    void columns_are_replaced_in_place_or_added_behind() {
        DataFrame more =
                sales.withColumns(
                        col("price").multiply(2).as("price"),
                        expr("amount * price").as("total"),
                        when(col("price").gt(9)).then("dear").otherwiseNull().as("class"));

        assertThat(more.schema().names())
                .containsExactly(
                        "region",
                        "product",
                        "amount",
                        "price",
                        "day",
                        "net_total",
                        "total",
                        "class");
        assertThat(more.schema().type("class")).isEqualTo(DataType.UTF8);
    }

    @Test
    void a_join_keeps_left_columns_and_marks_clashes() {
        DataFrame joined =
                sales.join(
                        sales.select("region", "amount", "day"),
                        How.LEFT,
                        On.keys("region").and("amount", "amount"));

        assertThat(schema(joined))
                .isEqualTo(
                        """
                        region: utf8
                        product: categorical
                        amount: int64
                        price: float64
                        day: date
                        net_total: decimal(10,2)
                        day_right: date\
                        """);
        assertThat(sales.join(sales, How.SEMI, "region").schema()).isEqualTo(sales.schema());
    }

    @Test
    void join_keys_of_two_types_meet_in_one() {
        var join =
                (LogicalPlan.Join)
                        Frames.plan(sales.join(sales, How.INNER, On.pair("amount", "price")));

        assertThat(join.leftKeys().toString()).contains("Cast").contains("float64");
        assertThat(join.rightKeys().toString()).doesNotContain("Cast");
    }

    @Test
    void a_union_goes_by_name_and_widens() {
        DataFrame other =
                sales.select("net_total", "day", "price", "amount", "product", "region")
                        .withColumn("amount", lit(1.5));
        DataFrame both = sales.union(other);

        assertThat(both.schema().names()).isEqualTo(sales.schema().names());
        assertThat(both.schema().type("amount")).isEqualTo(DataType.FLOAT64);
    }

    @Test
    void nulls_are_filled_where_the_value_fits() {
        assertThat(Fixtures.tree(sales.fillNull(0)))
                .startsWith(
                        "Select[region, product, coalesce(amount, 0) as amount,"
                                + " coalesce(price, 0.0) as price, day, ");
        assertThat(schema(sales.fillNull("?", "region").select("region", "amount")))
                .isEqualTo("region: utf8 not null\namount: int64");
        assertThat(Fixtures.tree(sales.dropNull("day")))
                .isEqualTo("Filter[day is not null]\n  Scan[sales.csv]");
    }

    @Test
    void describe_has_a_row_a_column() {
        DataFrame description = sales.describe();

        assertThat(schema(description))
                .isEqualTo(
                        """
                        column: utf8
                        type: utf8
                        count: int64
                        nulls: int64
                        mean: float64
                        std: float64
                        min: utf8
                        max: utf8\
                        """);
        assertThat(Fixtures.tree(description)).startsWith("Expand[6 rows a row]\n  Aggregate[");
    }

    @Test
    void order_is_known() {
        assertThat(Frames.plan(sales.filter(col("amount").gt(1))).order().toString())
                .isEqualTo("Ordered(source)");
        assertThat(Frames.plan(sales.sort(desc("price"), col("day").asc().nullsFirst())).order())
                .hasToString("Ordered(price desc, day nulls first)");
        assertThat(Frames.plan(sales.distinct()).order()).hasToString("Unordered");
        assertThat(Frames.plan(sales.union(sales)).order()).hasToString("Ordered(source)");
    }

    @Test
    void persisting_gives_a_frame_that_reads_what_is_kept() {
        DataFrame kept = sales.sort("day").persist();
        kept.release();

        assertThat(Frames.plan(kept).label()).isEqualTo("persisted");
        assertThat(Frames.plan(kept).order()).hasToString("Ordered(day)");
        assertThat(runner.asked).hasSize(2);
    }

    @Test
    void readers_and_writers_remember_what_they_were_told() {
        FrameReader reader = Frames.reader(runner).nulls("NA");
        reader.nulls("-").type("day", DataType.UTF8).delimiter(';').header(false).csv("in.csv");
        reader.csv("other.csv");
        sales.write().partitionBy("region").overwrite().compression("zstd").parquet("out/");

        var options = (ReadOptions) runner.asked.get(0);
        assertThat(options.format().nulls()).containsExactly("NA", "-");
        assertThat(options.format().delimiter()).isEqualTo(';');
        assertThat(options.types()).containsEntry("day", DataType.UTF8);
        assertThat(((ReadOptions) runner.asked.get(1)).format().nulls()).containsExactly("NA");
        var written = (WriteOptions) runner.asked.get(2);
        assertThat(written.mode()).isEqualTo(WriteOptions.Mode.OVERWRITE);
        assertThat(written.partitionBy()).isEqualTo(List.of("region"));
    }

    @Test
    void a_frame_prints_its_columns_and_never_runs() {
        assertThat(sales.select("region", "amount"))
                .hasToString("DataFrame[region: utf8, amount: int64]");
    }
}
