package dev.quiver.worker.exec;

import static dev.quiver.worker.exec.SalesFixture.SALES;
import static dev.quiver.worker.exec.SalesFixture.aggregate;
import static dev.quiver.worker.exec.SalesFixture.call;
import static dev.quiver.worker.exec.SalesFixture.column;
import static dev.quiver.worker.exec.SalesFixture.grouped;
import static dev.quiver.worker.exec.SalesFixture.number;
import static dev.quiver.worker.exec.SalesFixture.rows;
import static dev.quiver.worker.exec.SalesFixture.sales;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.expression.AggregateFunction;
import dev.quiver.expression.Function;
import dev.quiver.expression.Named;
import dev.quiver.graph.Dependency;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.JoinKind;
import dev.quiver.operator.Operator;
import dev.quiver.operator.OrderBy;
import dev.quiver.operator.Pipeline;
import dev.quiver.operator.Sink;
import dev.quiver.operator.Source;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.TaskOutput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PipelineRunnerTest {
    private final SalesFixture fixture = new SalesFixture();

    @AfterEach
    void nothing_is_left() {
        fixture.close();
    }

    @Test
    void rows_are_filtered_and_made_into_new_columns() {
        fixture.holdSales();
        var schema = Schema.of(Field.of("twice", DataType.INT64));
        var twice = new Named("twice", call(Function.MULTIPLY, column("amount"), number(2)));

        TaskOutput output =
                fixture.run(
                        sales(),
                        List.of(
                                new Operator.Filter(
                                        call(Function.GREATER, column("amount"), number(1))),
                                new Operator.Project(List.of(twice), schema)),
                        new Sink.Collect());

        assertThat(rows(output)).containsExactly(List.of(4L), List.of(8L), List.of(32L));
    }

    @Test
    void groups_come_out_in_the_order_of_first_appearance() {
        fixture.holdSales();

        TaskOutput output = fixture.run(sales(), List.of(), grouped(Sink.Phase.SINGLE, 1));

        assertThat(rows(output))
                .containsExactly(
                        List.of("north", 2L, 1L, 4.5),
                        List.of("south", 2L, 18L, 9.0),
                        Arrays.asList(null, 1L, 4L, 4.0));
    }

    @Test
    void partial_groups_merge_bucket_by_bucket_into_the_same_groups() {
        fixture.holdSales();
        TaskOutput first = fixture.run(sales(), List.of(), grouped(Sink.Phase.PARTIAL, 3));
        TaskOutput second = fixture.run(sales(), List.of(), grouped(Sink.Phase.PARTIAL, 3));
        List<List<@Nullable Object>> merged = new ArrayList<>();
        try (first;
                second) {
            for (int bucket = 0; bucket < 3; bucket++)
                merged.addAll(
                        rows(
                                fixture.run(
                                        new Source.Input(0, SALES),
                                        List.of(),
                                        grouped(Sink.Phase.FINAL, 1),
                                        List.of(new Dependency.Shuffle(0, 3)),
                                        bucket,
                                        _ -> List.of(first, second))));
        }

        assertThat(merged)
                .containsExactlyInAnyOrder(
                        List.of("north", 4L, 2L, 4.5),
                        List.of("south", 4L, 36L, 9.0),
                        Arrays.asList(null, 2L, 8L, 4.0));
    }

    @Test
    void an_aggregation_of_nothing_has_one_row() {
        fixture.hold("sales", SALES, List.of());
        var count = aggregate(AggregateFunction.COUNT, "");
        var sum = aggregate(AggregateFunction.SUM, "amount");
        var schema = Schema.of(Field.of("count", DataType.INT64), Field.of("sum", DataType.INT64));

        TaskOutput output =
                fixture.run(
                        sales(),
                        List.of(),
                        new Sink.Aggregate(
                                Sink.Phase.SINGLE, List.of(), List.of(count, sum), schema, 1));

        assertThat(rows(output)).containsExactly(Arrays.asList(0L, null));
    }

    @Test
    void a_join_looks_rows_up_in_the_table_of_another_stage() {
        fixture.holdSales();
        var regions = Schema.of(Field.of("name", DataType.UTF8), Field.of("boss", DataType.UTF8));
        fixture.hold("regions", regions, List.of(List.of("south", "Ann"), List.of("west", "Bob")));
        TaskOutput table =
                fixture.run(
                        new Source.Held("regions", regions, 1),
                        List.of(),
                        new Sink.BuildTable(List.of(column("name")), regions));
        var joined = SALES.with(Field.of("boss", DataType.UTF8));

        List<List<@Nullable Object>> rows;
        try (table) {
            rows =
                    rows(
                            fixture.run(
                                    sales(),
                                    List.of(
                                            new Operator.Probe(
                                                    0,
                                                    JoinKind.LEFT,
                                                    List.of(column("region")),
                                                    List.of("boss"),
                                                    joined)),
                                    new Sink.Collect(),
                                    List.of(new Dependency.Broadcast(0)),
                                    0,
                                    _ -> List.of(table)));
        }

        assertThat(rows)
                .extracting(row -> row.get(3))
                .containsExactly(null, "Ann", null, null, "Ann");
    }

    @Test
    void an_empty_build_side_matches_nothing() {
        fixture.holdSales();
        fixture.hold("none", SALES, List.of());
        TaskOutput table =
                fixture.run(
                        new Source.Held("none", SALES, 1),
                        List.of(),
                        new Sink.BuildTable(List.of(column("region")), SALES));
        var probe =
                new Operator.Probe(0, JoinKind.ANTI, List.of(column("region")), List.of(), SALES);
        try (table) {
            TaskOutput output =
                    fixture.run(
                            sales(),
                            List.of(probe),
                            new Sink.Collect(),
                            List.of(new Dependency.Broadcast(0)),
                            0,
                            _ -> List.of(table));

            assertThat(rows(output)).hasSize(5);
        }
    }

    @Test
    void runs_are_sorted_and_merged_by_ranges() {
        fixture.holdSales();
        var order = List.of(new OrderBy(column("amount"), true, false));
        TaskOutput first = fixture.run(sales(), List.of(), new Sink.SortRun(order));
        TaskOutput second = fixture.run(sales(), List.of(), new Sink.SortRun(order));
        fixture.hold("none", SALES, List.of());
        TaskOutput empty =
                fixture.run(new Source.Held("none", SALES, 1), List.of(), new Sink.SortRun(order));
        List<List<@Nullable Object>> merged = new ArrayList<>();
        try (first;
                second;
                empty) {
            for (int part = 0; part < 2; part++)
                merged.addAll(
                        rows(
                                fixture.run(
                                        new Source.Input(0, SALES),
                                        List.of(),
                                        new Sink.MergeSorted(order, 2),
                                        List.of(new Dependency.Broadcast(0)),
                                        part,
                                        _ -> List.of(first, empty, second))));
        }

        assertThat(merged)
                .extracting(row -> row.get(1))
                .containsExactly(16L, 16L, 4L, 4L, 2L, 2L, 1L, 1L, null, null);
    }

    @Test
    void the_first_rows_of_an_order_keep_ties_by_arrival() {
        fixture.holdSales();
        var order = List.of(new OrderBy(column("region"), false, true));

        TaskOutput output = fixture.run(sales(), List.of(), new Sink.TopRows(order, 3));

        assertThat(rows(output)).extracting(row -> row.get(2)).containsExactly(4.0, 1.0, 8.0);
    }

    @Test
    void a_limit_reads_no_further_than_it_must() {
        fixture.holdSales();
        for (int i = 0; i < 3; i++)
            fixture.files.scanned.add(
                    ColumnBuilder.chunk(
                            SALES,
                            fixture.pool.account(new Owner("test", "Scan", -1)),
                            List.of(List.of("x", 1L, 1.0), List.of("y", 2L, 2.0))));
        var pipeline =
                new Pipeline(
                        new Source.ScanCsv(CsvFormat.DEFAULT, SALES, SALES, List.of()),
                        List.of(new Operator.Limit(3)),
                        new Sink.Collect());
        var counts = new PipelineCounts(pipeline);

        TaskOutput output =
                fixture.runner.run(
                        new PipelineTask(
                                "q1",
                                pipeline,
                                List.of(),
                                0,
                                TaskInputs.NONE,
                                Checkpoint.NONE,
                                counts));

        assertThat(rows(output)).hasSize(3);
        assertThat(counts.parts())
                .extracting(PipelineCounts.Part::rows)
                .containsExactly(4L, 3L, 3L);
        assertThat(counts.parts())
                .extracting(PipelineCounts.Part::part)
                .containsExactly("ScanCsv", "Limit", "Collect");
    }

    @Test
    void an_exchange_puts_equal_keys_in_one_bucket() {
        fixture.holdSales();

        try (TaskOutput output =
                fixture.run(sales(), List.of(), new Sink.Exchange(List.of(column("region")), 4))) {
            assertThat(output.sliceCount()).isEqualTo(4);
            assertThat(output.rows()).isEqualTo(5);
            for (int b = 0; b < 4; b++)
                for (Chunk chunk : output.slice(b))
                    assertThat(ColumnValues.list(chunk.column("region")))
                            .isSubsetOf(
                                    b == bucketOf(output, "north")
                                            ? Arrays.asList("north", "south", null)
                                            : Arrays.asList("south", null));
        }
    }

    private static int bucketOf(TaskOutput output, String region) {
        for (int b = 0; b < output.sliceCount(); b++)
            for (Chunk chunk : output.slice(b))
                if (ColumnValues.list(chunk.column("region")).contains(region)) return b;
        throw new AssertionError(region);
    }

    @Test
    void a_frame_that_was_released_is_not_there() {
        assertThatThrownBy(() -> fixture.run(sales(), List.of(), new Sink.Collect()))
                .hasMessageContaining("the rows of 'sales' are not held any more   (UNAVAILABLE)");
    }
}
