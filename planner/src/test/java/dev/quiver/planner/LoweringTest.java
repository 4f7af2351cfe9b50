package dev.quiver.planner;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.desc;
import static dev.quiver.dataframe.Functions.nUnique;
import static dev.quiver.dataframe.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Frames;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.On;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.Pipeline;
import dev.quiver.operator.Sink;
import dev.quiver.operator.Source;
import dev.quiver.operator.WriteTarget;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which stages each kind of plan becomes.
class LoweringTest {
    private final Fixtures.Session session = new Fixtures.Session();
    private final DataFrame sales = Fixtures.sales(session);
    private final DataFrame shops = Fixtures.shops(session);
    private final Planner planner = new Planner(Fixtures.CATALOG);

    private StagePlan plan(DataFrame frame) {
        return planner.plan(Frames.plan(frame), StageNumbers.fromZero());
    }

    private String stages(DataFrame frame) {
        return Fixtures.stages(plan(frame));
    }

    @Test
    void a_pipeline_is_one_stage_cut_by_bytes() {
        DataFrame frame = sales.filter(col("amount").gt(1)).select("region");

        assertThat(stages(frame)).isEqualTo("0 x6: ScanCsv > Filter > Project > Collect wanted");
        assertThat(stages(shops)).isEqualTo("0 x1: ScanCsv > Collect wanted");
        assertThat(stages(Fixtures.parquet(session)))
                .isEqualTo("0 x5: ScanParquet > Collect wanted");
    }

    @Test
    void ranges_cover_the_file() {
        var pipeline = (Pipeline) plan(sales).graph().stages().getFirst().program();
        var ranges = ((Source.ScanCsv) pipeline.source()).ranges();

        long at = 0;
        for (var range : ranges) {
            assertThat(range.from()).isEqualTo(at);
            at = range.to();
        }
        assertThat(at).isEqualTo(100 * Fixtures.MB);
    }

    @Test
    void a_grouping_makes_partial_tables_and_merges_them_by_buckets() {
        assertThat(stages(sales.groupBy("region").agg(sum("amount"))))
                .isEqualTo(
                        """
                        0 x6: ScanCsv > PARTIAL/16
                        1 x16 shuffle(0/16): Input > FINAL/1 wanted\
                        """);
    }

    @Test
    void a_grouping_of_one_partition_is_done_at_once() {
        assertThat(stages(shops.groupBy("manager").count()))
                .isEqualTo("0 x1: ScanCsv > SINGLE/1 wanted");
        assertThat(stages(Fixtures.held(session, "small").groupBy("region").count()))
                .isEqualTo("0 x1: Held > SINGLE/1 wanted");
    }

    @Test
    void a_total_merges_in_one_partition() {
        assertThat(stages(sales.agg(count(), sum("amount"))))
                .isEqualTo(
                        """
                        0 x6: ScanCsv > PARTIAL/1
                        1 x1 shuffle(0/1): Input > FINAL/1 wanted\
                        """);
    }

    @Test
    void kept_partitions_are_folded_into_few_tables() {
        assertThat(stages(Fixtures.held(session, "kept").groupBy("region").agg(sum("amount"))))
                .isEqualTo(
                        """
                        0 x8 fanin(7 by 5): Input > PARTIAL/16
                        1 x16 shuffle(0/16): Input > FINAL/1 wanted\
                        """);
    }

    @Test
    void large_kept_partitions_are_read_in_parts() {
        DataFrame cut = Fixtures.held(session, "cut");

        assertThat(stages(cut.filter(col("amount").gt(1))))
                .isEqualTo("0 x12 fan-out(7*4/16): Input > Filter > Collect wanted");
        assertThat(stages(cut.groupBy("region").agg(sum("amount"))))
                .isEqualTo(
                        """
                        0 x6 fan-out(7*2/16): Input > PARTIAL/16
                        1 x16 shuffle(0/16): Input > FINAL/1 wanted\
                        """);
        assertThat(stages(cut.agg(sum("amount"))))
                .isEqualTo(
                        """
                        0 x6 fan-out(7*2/16): Input > PARTIAL/1
                        1 x1 shuffle(0/1): Input > FINAL/1 wanted\
                        """);
    }

    @Test
    void chunks_of_the_session_are_dealt_out_by_rows() {
        DataFrame rows = Fixtures.held(session, "rows");

        assertThat(stages(rows.filter(col("amount").gt(1))))
                .isEqualTo("0 x64: Held > Filter > Collect wanted");
        assertThat(stages(rows.groupBy("region").count()))
                .isEqualTo(
                        """
                        0 x8: Held > PARTIAL/16
                        1 x16 shuffle(0/16): Input > FINAL/1 wanted\
                        """);
    }

    @Test
    void what_can_not_be_merged_exchanges_its_rows() {
        assertThat(stages(sales.groupBy("region").agg(nUnique("day"), sum("amount"))))
                .isEqualTo(
                        """
                        0 x6: ScanCsv > Exchange/16
                        1 x16 shuffle(0/16): Input > SINGLE/1 wanted\
                        """);
        assertThat(stages(sales.agg(nUnique("day"), nUnique("region"))))
                .isEqualTo(
                        """
                        0 x6: ScanCsv > Collect
                        1 x1 fanin(0 by 6): Input > SINGLE/1 wanted\
                        """);
    }

    @Test
    void a_small_side_becomes_one_table_for_all_partitions() {
        assertThat(stages(sales.join(shops, How.LEFT, On.keys("region"))))
                .isEqualTo(
                        """
                        0 x1: ScanCsv > BuildTable
                        1 x6 broadcast(0): ScanCsv > Probe > Collect wanted\
                        """);
    }

    @Test
    void turned_sides_give_the_columns_in_the_order_that_was_asked_for() {
        DataFrame frame = shops.join(sales, How.INNER, On.keys("region"));

        assertThat(stages(frame))
                .isEqualTo(
                        """
                        0 x1: ScanCsv > BuildTable
                        1 x6 broadcast(0): ScanCsv > Project > Probe > Project > Collect wanted\
                        """);
        assertThat(plan(frame).schema()).isEqualTo(frame.schema());
    }

    @Test
    void two_large_sides_are_exchanged() {
        DataFrame big = Fixtures.held(session, "kept");

        assertThat(stages(big.join(big, How.INNER, On.keys("region"))))
                .isEqualTo(
                        """
                        0 x40 narrow(7): Input > Exchange/256
                        1 x40 narrow(7): Input > Exchange/256
                        2 x256 shuffle(1/256): Input > BuildTable
                        3 x256 shuffle(0/256) narrow(2): Input > Probe > Collect wanted\
                        """);
    }

    @Test
    void sorting_merges_runs_into_ranges() {
        assertThat(stages(Fixtures.held(session, "kept").sort("day")))
                .isEqualTo(
                        """
                        0 x40 narrow(7): Input > SortRun
                        1 x10 broadcast(0): Input > MergeSorted/10 wanted\
                        """);
        assertThat(stages(shops.sort("opened"))).isEqualTo("0 x1: ScanCsv > SortRun wanted");
    }

    @Test
    void the_first_rows_of_an_order_are_chosen_twice() {
        assertThat(stages(sales.topK(3, desc("amount"))))
                .isEqualTo(
                        """
                        0 x6: ScanCsv > TopRows
                        1 x1 fanin(0 by 6): Input > TopRows wanted\
                        """);
    }

    @Test
    void a_limit_satisfies_its_stage() {
        assertThat(stages(sales.limit(10)))
                .isEqualTo(
                        """
                        0 x6: ScanCsv > Limit > Collect rowsMax 10
                        1 x1 fanin(0 by 6): Input > Limit > Collect wanted\
                        """);
        assertThat(stages(shops.limit(10))).isEqualTo("0 x1: ScanCsv > Limit > Collect wanted");
    }

    @Test
    void a_union_lists_the_partitions_of_its_inputs() {
        assertThat(stages(sales.select("region").union(shops.select("region"))))
                .isEqualTo(
                        """
                        0 x6: ScanCsv > Collect
                        1 x1: ScanCsv > Collect
                        2 x7 listed(7): Input > Collect wanted\
                        """);
    }

    @Test
    void describe_is_one_aggregation_and_a_row_a_column() {
        assertThat(stages(shops.describe()))
                .isEqualTo(
                        """
                        0 x1: ScanCsv > SINGLE/1
                        1 x1 narrow(0): Input > Expand > Collect wanted\
                        """);
    }

    @Test
    void a_large_file_is_written_in_parts_that_are_joined_and_a_directory_in_parts() {
        var file =
                new WriteTarget(
                        WriteTarget.Format.CSV,
                        "/out/x.csv",
                        "/out/.x",
                        false,
                        List.of(),
                        "none",
                        CsvFormat.DEFAULT);
        var directory =
                new WriteTarget(
                        WriteTarget.Format.PARQUET,
                        "/out/x",
                        "/out/.x",
                        true,
                        List.of(),
                        "snappy",
                        CsvFormat.DEFAULT);

        var one = planner.planWrite(Frames.plan(sales), file, StageNumbers.fromZero());
        var many = planner.planWrite(Frames.plan(sales), directory, StageNumbers.fromZero());

        assertThat(Fixtures.stages(one))
                .isEqualTo(
                        """
                        0 x6: ScanCsv > Write
                        1 x1 fanin(0 by 6): Input > JoinFiles wanted\
                        """);
        assertThat(Fixtures.stages(many)).isEqualTo("0 x6: ScanCsv > Write wanted");
        assertThat(one.schema()).isEqualTo(Lowering.MANIFEST);
    }

    @Test
    void counting_reads_one_narrow_column() {
        var planned = planner.plan(Planner.counting(Frames.plan(sales)), StageNumbers.fromZero());
        var pipeline = (Pipeline) planned.graph().stages().getFirst().program();

        assertThat(pipeline.source().schema().names()).containsExactly("day");
        assertThat(pipeline.sink()).isInstanceOf(Sink.Aggregate.class);
    }

    @Test
    void the_shape_of_a_plan_does_not_depend_on_the_machine() {
        String first = stages(sales.groupBy("region").agg(sum("amount")).sort("region"));
        String second = stages(sales.groupBy("region").agg(sum("amount")).sort("region"));

        assertThat(first).isEqualTo(second);
    }

    @Test
    void dependents_go_before_what_they_read() {
        var stages = plan(sales.groupBy("region").count().sort("region")).graph().stages();

        for (int i = 1; i < stages.size(); i++) {
            assertThat(stages.get(i).priority()).isLessThan(stages.get(i - 1).priority());
        }
    }
}
