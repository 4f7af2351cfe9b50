package dev.quiver.dataframe;

import static dev.quiver.dataframe.Functions.asc;
import static dev.quiver.dataframe.Functions.coalesce;
import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.expr;
import static dev.quiver.dataframe.Functions.first;
import static dev.quiver.dataframe.Functions.lit;
import static dev.quiver.dataframe.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Every mistake is told at the call that makes it: what, where, and how to mend it.
class MistakesTest {
    private final DataFrame sales = Fixtures.sales();

    record WrongName(String regoin) {}

    record WrongType(int amount) {}

    enum Region {
        NORTH
    }

    private static String told(Executable mistake) {
        return String.valueOf(assertThrows(QuiverException.class, mistake).getMessage());
    }

    @Test
    void an_unknown_column_is_told_with_the_nearest_name() {
        String message = told(() -> sales.filter(col("regoin").eq("north")));

        assertThat(message)
                .isEqualTo(
                        """
                        no column 'regoin' in Scan[sales.csv]   (COLUMN_NOT_FOUND)
                          has: region, product, amount, price, day, net_total
                          fix: did you mean 'region'? print df.schema() to list the columns\
                        """);
    }

    @Test
    void every_verb_knows_its_columns_at_once() {
        Map<String, Executable> verbs =
                Map.ofEntries(
                        Map.entry("select", () -> sales.select("amuont")),
                        Map.entry("select expr", () -> sales.select(col("amuont").plus(1).as("x"))),
                        Map.entry("withColumn", () -> sales.withColumn("x", col("amuont"))),
                        Map.entry("drop", () -> sales.drop("amuont")),
                        Map.entry("rename", () -> sales.rename("amuont", "x")),
                        Map.entry("sort", () -> sales.sort("amuont")),
                        Map.entry("topK", () -> sales.topK(3, asc("amuont"))),
                        Map.entry("groupBy", () -> sales.groupBy("amuont")),
                        Map.entry("agg", () -> sales.agg(sum("amuont"))),
                        Map.entry("dropNull", () -> sales.dropNull("amuont")),
                        Map.entry("fillNull", () -> sales.fillNull(0, "amuont")),
                        Map.entry(
                                "join left", () -> sales.join(sales, How.LEFT, On.keys("amuont"))),
                        Map.entry(
                                "join right",
                                () -> sales.join(sales, How.LEFT, On.pair("amount", "amuont"))),
                        Map.entry("partitionBy", () -> sales.write().partitionBy("amuont")));

        var silent = new ArrayList<String>();
        verbs.forEach((verb, mistake) -> {
            if (!told(mistake).contains("did you mean 'amount'?")) silent.add(verb);
        });

        assertThat(silent).isEmpty();
    }

    @Test
    void a_comparison_with_null_says_what_to_write() {
        @SuppressWarnings({"NullAway", "DataFlowIssue"}) // the mistake itself
        Executable mistake = () -> col("region").eq(null);

        assertThat(told(mistake))
                .isEqualTo(
                        """
                        eq(null) is never true: null equals nothing   (EXPRESSION_INVALID)
                          fix: write isNull()\
                        """);
    }

    @Test
    void an_array_in_isIn_says_what_to_write() {
        assertThat(told(() -> col("amount").isIn(new int[] {1, 2})))
                .isEqualTo(
                        """
                        isIn(int[]): the array would be one value   (EXPRESSION_INVALID)
                          fix: write the values, as in isIn(1, 2, 3), or a list: \
                        isIn(Arrays.stream(array).boxed().toList())\
                        """);
    }

    @Test
    void types_that_do_not_go_together_are_told_where_they_meet() {
        String message = told(() -> sales.filter(col("day").gt(7)));

        assertThat(message).contains("day").contains("(TYPE_MISMATCH)").contains("Scan[sales.csv]");
    }

    @Test
    void a_filter_wants_a_condition() {
        assertThat(told(() -> sales.filter(col("amount").plus(1))))
                .isEqualTo(
                        """
                        filter(…) takes a condition, but this is int64   (TYPE_MISMATCH)
                          expression: amount + 1
                          fix: compare it with something, as in col("x").gt(0)\
                        """);
    }

    @Test
    void an_expression_without_a_name_asks_for_one() {
        assertThat(told(() -> sales.select(col("amount").multiply(col("price")))))
                .isEqualTo(
                        """
                        an expression without a name   (EXPRESSION_INVALID)
                          expression: amount * price
                          fix: name the column that it makes with .as("…")\
                        """);
    }

    @Test
    void aggregates_of_one_name_are_refused() {
        assertThat(told(() -> sales.groupBy("region").agg(sum("amount"), col("amount").sum())))
                .isEqualTo(
                        """
                        two columns of the aggregation are called 'amount_sum'   (COLUMN_DUPLICATE)
                          aggregate: sum(amount)
                          fix: name one of them with .as("…")\
                        """);
    }

    @Test
    void first_of_rows_without_an_order_asks_for_a_sort() {
        DataFrame groups = sales.groupBy("region", "product").agg(sum("amount"));

        assertThat(told(() -> groups.groupBy("region").agg(first("amount_sum"))))
                .isEqualTo(
                        """
                        first(amount_sum) of rows that have no order   (PLAN_INVALID)
                          input: GroupBy[region, product: sum(amount) as amount_sum], Unordered
                          fix: sort before, as in df.sort("…").groupBy(…), or use min or max\
                        """);
    }

    @Test
    void aggregates_stand_where_groups_are() {
        assertThat(told(() -> sales.filter(sum("amount").gt(3))))
                .startsWith("an aggregate where each row has one value   (EXPRESSION_INVALID)");
        assertThat(told(() -> sales.agg(col("amount"))))
                .startsWith("agg(…) of an expression that isn't an aggregate");
        assertThat(
                        told(() ->
                                sales.groupBy("region")
                                        .agg(sum("amount").plus(col("price")).as("x"))))
                .isEqualTo(
                        """
                        column 'price' in 'x' is neither a key nor inside an aggregate   \
                        (EXPRESSION_INVALID)
                          keys: region
                          fix: aggregate it, as in first("price"), or add it to groupBy(…)\
                        """);
        assertThat(told(() -> sales.agg(sum("amount").max().as("x"))))
                .contains("an aggregate inside an aggregate");
        assertThat(told(() -> col("amount").filter(col("price").gt(0))))
                .startsWith("filter(…) on an expression that isn't an aggregate");
    }

    @Test
    void joins_of_different_types_name_both_columns() {
        assertThat(told(() -> sales.join(sales, How.INNER, On.pair("region", "day"))))
                .isEqualTo(
                        """
                        join of 'region', which is utf8, with 'day', which is date   (TYPE_MISMATCH)
                          left: Scan[sales.csv]
                          right: Scan[sales.csv]
                          fix: cast one of them before, as in withColumn("day", col("day").cast(…))\
                        """);
    }

    @Test
    void a_join_that_would_make_two_columns_of_one_name_is_refused() {
        DataFrame clashing = sales.withColumn("price_right", lit(1));

        assertThat(told(() -> clashing.join(sales, How.INNER, On.keys("region"))))
                .startsWith("the join would make two columns called 'price_right'");
    }

    @Test
    void unions_want_the_same_columns() {
        assertThat(told(() -> sales.union(sales.drop("day"))))
                .isEqualTo(
                        """
                        union of frames with different columns   (PLAN_INVALID)
                          missing in Select[region, product, amount, price, net_total]: day
                          fix: select or rename the same columns on both sides, or add one with \
                        withColumn("day", nullOf(…))\
                        """);
        assertThat(told(() -> sales.union(sales.withColumn("amount", lit("x")))))
                .startsWith("union of column 'amount', which is int64, with utf8");
    }

    @Test
    void frames_of_two_sessions_do_not_meet() {
        assertThat(told(() -> sales.union(Fixtures.sales())))
                .startsWith("union of frames of two sessions");
    }

    @Test
    void records_are_checked_at_the_call() {
        assertThat(told(() -> sales.as(WrongName.class)))
                .isEqualTo(
                        """
                        no column 'regoin' in Scan[sales.csv] for WrongName   (COLUMN_NOT_FOUND)
                          has: region, product, amount, price, day, net_total
                          fix: did you mean 'region'? print df.schema() to list the columns\
                        """);
        assertThat(told(() -> sales.as(WrongType.class)))
                .isEqualTo(
                        """
                        column 'amount' is int64, and WrongType.amount is int   (TYPE_MISMATCH)
                          fix: declare it as long, or cast the column before\
                        """);
    }

    @Test
    void arguments_outside_their_range_are_refused() {
        assertThat(told(() -> sales.limit(-1))).startsWith("limit(-1): less than no rows");
        assertThat(told(() -> col("day").dt().truncate("mnth")))
                .isEqualTo(
                        """
                        no unit 'mnth' to truncate to   (ARGUMENT_INVALID)
                          has: year, quarter, month, week, day, hour, minute, second
                          fix: did you mean 'month'?\
                        """);
        assertThat(told(() -> sales.rename("day", "price")))
                .startsWith("rename of 'day' to 'price', which is there already");
        assertThat(
                        told(() ->
                                sales.drop(
                                        "region",
                                        "product",
                                        "amount",
                                        "price",
                                        "day",
                                        "net_total")))
                .startsWith("drop(…) of all columns");
        assertThat(told(() -> sales.fillNull(true)))
                .startsWith("fillNull(true): no column has a type that it fits");
        assertThat(told(() -> sales.fillNull("x", "day")))
                .startsWith("fillNull(x): column 'day' is date");
        assertThat(told(sales::release))
                .startsWith("release() of a frame that persist() didn't give");
        assertThat(told(() -> sales.scalar(Long.class)))
                .startsWith("scalar(…) of a frame of 6 columns");
        assertThat(told(() -> lit(new Object()))).contains("can't be a constant");
        assertThat(told(() -> sales.write().overwrite().append()))
                .startsWith("overwrite() and append() on one write");
        assertThat(told(() -> sales.write().compression("snappy").csv("x.csv")))
                .startsWith("CSV files can't be compressed with snappy");
    }

    @Test
    void what_can_not_be_compared_is_refused_in_text_too() {
        assertThat(told(() -> sales.filter(expr("region > 3")))).contains("(TYPE_MISMATCH)");
        assertThat(told(() -> sales.filter(expr("region >")))).contains("(EXPRESSION_INVALID)");
        assertThat(told(() -> sales.select(coalesce(col("region"), 1).as("x"))))
                .contains("(TYPE_MISMATCH)");
    }

    @Test
    void enums_and_numbers_are_literals() {
        DataFrame kept =
                sales.filter(
                        col("region")
                                .eq(Region.NORTH)
                                .and(col("net_total").gt(1.5))
                                .and(col("product").isIn(List.of("a", "b"))));

        assertThat(Fixtures.tree(kept))
                .isEqualTo(
                        """
                        Filter[region = 'NORTH' and net_total > 1.50 and product in ('a', 'b')]
                          Scan[sales.csv]\
                        """);
        assertThat(sales.agg(count()).schema().type("count")).isEqualTo(DataType.INT64);
    }
}
