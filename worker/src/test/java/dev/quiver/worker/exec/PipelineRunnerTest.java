package dev.quiver.worker.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.kernel.Checkpoint;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.dataframe.Fn;
import dev.quiver.error.Cancelled;
import dev.quiver.error.MemoryRefused;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import dev.quiver.expression.AggregateFunction;
import dev.quiver.expression.Binder;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Expression.Literal;
import dev.quiver.expression.Function;
import dev.quiver.expression.Named;
import dev.quiver.graph.Dependency;
import dev.quiver.io.DictionarySet;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.JoinKind;
import dev.quiver.operator.NamedAggregate;
import dev.quiver.operator.Operator;
import dev.quiver.operator.OrderBy;
import dev.quiver.operator.Pipeline;
import dev.quiver.operator.Sink;
import dev.quiver.operator.Source;
import dev.quiver.operator.WriteTarget;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.TaskOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PipelineRunnerTest {
    private static final Schema SALES =
            Schema.of(
                    Field.of("region", DataType.UTF8),
                    Field.of("amount", DataType.INT64),
                    Field.of("price", DataType.FLOAT64));

    private final MemoryPool pool = new MemoryPool(64 << 20);
    private final ChunkStore store = new ChunkStore();
    private final DictionarySet dictionaries =
            new DictionarySet(pool.account(new Owner("test", "Dictionaries", -1)));
    private final MemoryFiles files = new MemoryFiles();
    private final PipelineRunner runner = new PipelineRunner(pool, store, dictionaries, files);

    @AfterEach
    void nothing_is_left() {
        files.scanned.forEach(Chunk::close);
        store.close();
        dictionaries.close();
        pool.close();
    }

    private void hold(
            String id, Schema schema, List<? extends List<? extends @Nullable Object>> rows) {
        var account = pool.account(new Owner("test", "Held", -1));
        store.hold(
                id,
                List.of(TaskOutput.ofChunks(List.of(ColumnBuilder.chunk(schema, account, rows)))));
    }

    private void holdSales() {
        hold(
                "sales",
                SALES,
                List.of(
                        List.of("north", 1L, 1.0),
                        List.of("south", 2L, 2.0),
                        Arrays.asList(null, 4L, 4.0),
                        Arrays.asList("north", null, 8.0),
                        List.of("south", 16L, 16.0)));
    }

    private static Source sales() {
        return new Source.Held("sales", SALES, 1);
    }

    private TaskOutput run(
            Source source,
            List<Operator> operators,
            Sink sink,
            List<Dependency> dependencies,
            int partition,
            TaskInputs inputs) {
        var pipeline = new Pipeline(source, operators, sink);
        return runner.run(
                new PipelineTask(
                        "q1",
                        pipeline,
                        dependencies,
                        partition,
                        inputs,
                        Checkpoint.NONE,
                        new PipelineCounts(pipeline)));
    }

    private TaskOutput run(Source source, List<Operator> operators, Sink sink) {
        return run(source, operators, sink, List.of(), 0, TaskInputs.NONE);
    }

    private static List<List<@Nullable Object>> rows(TaskOutput output) {
        try (output) {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            for (Chunk chunk : output.chunks()) {
                for (int i = 0; i < chunk.rows(); i++) {
                    List<@Nullable Object> row = new ArrayList<>();
                    for (Column column : chunk.columns()) row.add(ColumnValues.get(column, i));
                    rows.add(row);
                }
            }
            return rows;
        }
    }

    private static Expression bound(Expression expression) {
        return Binder.bind(expression, SALES, "the test").expression();
    }

    private static Expression call(Function function, Expression... arguments) {
        return bound(new Expression.Call(function, List.of(arguments)));
    }

    private static Expression number(long value) {
        return new Literal(value, DataType.INT64);
    }

    private static Expression.Column column(String name) {
        return new Expression.Column(name);
    }

    private static NamedAggregate aggregate(AggregateFunction function, String input) {
        DataType type =
                switch (function) {
                    case COUNT, COUNT_DISTINCT -> DataType.INT64;
                    case SUM, MIN, MAX, FIRST, LAST -> SALES.type(input);
                    case MEAN, VARIANCE, STANDARD_DEVIATION -> DataType.FLOAT64;
                };
        return new NamedAggregate(
                function.name().toLowerCase(java.util.Locale.ROOT),
                new Expression.Aggregate(
                        function,
                        input.isEmpty() ? Optional.empty() : Optional.of(column(input)),
                        Optional.empty()),
                type);
    }

    private static Sink.Aggregate grouped(Sink.Phase phase, int buckets) {
        List<NamedAggregate> aggregates =
                List.of(
                        new NamedAggregate(
                                "rows",
                                aggregate(AggregateFunction.COUNT, "").aggregate(),
                                DataType.INT64),
                        aggregate(AggregateFunction.SUM, "amount"),
                        aggregate(AggregateFunction.MEAN, "price"));
        var fields = new ArrayList<>(List.of(Field.of("region", DataType.UTF8)));
        for (NamedAggregate made : aggregates) fields.add(Field.of(made.name(), made.type()));
        return new Sink.Aggregate(
                phase, List.of(Named.column("region")), aggregates, new Schema(fields), buckets);
    }

    @Test
    void rows_are_filtered_and_made_into_new_columns() {
        holdSales();
        var schema = Schema.of(Field.of("twice", DataType.INT64));
        var twice = new Named("twice", call(Function.MULTIPLY, column("amount"), number(2)));

        TaskOutput output =
                run(
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
        holdSales();

        TaskOutput output = run(sales(), List.of(), grouped(Sink.Phase.SINGLE, 1));

        assertThat(rows(output))
                .containsExactly(
                        List.of("north", 2L, 1L, 4.5),
                        List.of("south", 2L, 18L, 9.0),
                        Arrays.asList(null, 1L, 4L, 4.0));
    }

    @Test
    void partial_groups_merge_bucket_by_bucket_into_the_same_groups() {
        holdSales();
        TaskOutput first = run(sales(), List.of(), grouped(Sink.Phase.PARTIAL, 3));
        TaskOutput second = run(sales(), List.of(), grouped(Sink.Phase.PARTIAL, 3));
        List<List<@Nullable Object>> merged = new ArrayList<>();
        try (first;
                second) {
            for (int bucket = 0; bucket < 3; bucket++)
                merged.addAll(
                        rows(
                                run(
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
        hold("sales", SALES, List.of());
        var count = aggregate(AggregateFunction.COUNT, "");
        var sum = aggregate(AggregateFunction.SUM, "amount");
        var schema = Schema.of(Field.of("count", DataType.INT64), Field.of("sum", DataType.INT64));

        TaskOutput output =
                run(
                        sales(),
                        List.of(),
                        new Sink.Aggregate(
                                Sink.Phase.SINGLE, List.of(), List.of(count, sum), schema, 1));

        assertThat(rows(output)).containsExactly(Arrays.asList(0L, null));
    }

    @Test
    void a_join_looks_rows_up_in_the_table_of_another_stage() {
        holdSales();
        var regions = Schema.of(Field.of("name", DataType.UTF8), Field.of("boss", DataType.UTF8));
        hold("regions", regions, List.of(List.of("south", "Ann"), List.of("west", "Bob")));
        TaskOutput table =
                run(
                        new Source.Held("regions", regions, 1),
                        List.of(),
                        new Sink.BuildTable(List.of(column("name")), regions));
        var joined = SALES.with(Field.of("boss", DataType.UTF8));

        List<List<@Nullable Object>> rows;
        try (table) {
            rows =
                    rows(
                            run(
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
        holdSales();
        hold("none", SALES, List.of());
        TaskOutput table =
                run(
                        new Source.Held("none", SALES, 1),
                        List.of(),
                        new Sink.BuildTable(List.of(column("region")), SALES));
        var probe =
                new Operator.Probe(0, JoinKind.ANTI, List.of(column("region")), List.of(), SALES);
        try (table) {
            TaskOutput output =
                    run(
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
        holdSales();
        var order = List.of(new OrderBy(column("amount"), true, false));
        TaskOutput first = run(sales(), List.of(), new Sink.SortRun(order));
        TaskOutput second = run(sales(), List.of(), new Sink.SortRun(order));
        hold("none", SALES, List.of());
        TaskOutput empty =
                run(new Source.Held("none", SALES, 1), List.of(), new Sink.SortRun(order));
        List<List<@Nullable Object>> merged = new ArrayList<>();
        try (first;
                second;
                empty) {
            for (int part = 0; part < 2; part++)
                merged.addAll(
                        rows(
                                run(
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
        holdSales();
        var order = List.of(new OrderBy(column("region"), false, true));

        TaskOutput output = run(sales(), List.of(), new Sink.TopRows(order, 3));

        assertThat(rows(output)).extracting(row -> row.get(2)).containsExactly(4.0, 1.0, 8.0);
    }

    @Test
    void a_limit_reads_no_further_than_it_must() {
        holdSales();
        for (int i = 0; i < 3; i++)
            files.scanned.add(
                    ColumnBuilder.chunk(
                            SALES,
                            pool.account(new Owner("test", "Scan", -1)),
                            List.of(List.of("x", 1L, 1.0), List.of("y", 2L, 2.0))));
        var pipeline =
                new Pipeline(
                        new Source.ScanCsv(CsvFormat.DEFAULT, SALES, SALES, List.of()),
                        List.of(new Operator.Limit(3)),
                        new Sink.Collect());
        var counts = new PipelineCounts(pipeline);

        TaskOutput output =
                runner.run(
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
        holdSales();

        try (TaskOutput output =
                run(sales(), List.of(), new Sink.Exchange(List.of(column("region")), 4))) {
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

    record Sale(String region, Long amount, double price) {}

    record Total(String region, double total) {}

    @Test
    void user_code_sees_rows_as_records() {
        holdSales();
        Fn<Sale, Boolean> known = sale -> sale.region() != null && sale.amount() != null;
        Fn<Sale, Total> total = sale -> new Total(sale.region(), sale.amount() * sale.price());
        var schema =
                Schema.of(Field.of("region", DataType.UTF8), Field.of("total", DataType.FLOAT64));

        TaskOutput output =
                run(
                        sales(),
                        List.of(
                                new Operator.MapRecords(known, Sale.class, Boolean.class, SALES),
                                new Operator.MapRecords(total, Sale.class, Total.class, schema)),
                        new Sink.Collect());

        assertThat(rows(output))
                .containsExactly(
                        List.of("north", 1.0), List.of("south", 4.0), List.of("south", 256.0));
    }

    @Test
    void user_code_that_throws_names_its_row() {
        holdSales();
        Fn<Sale, Boolean> failing = sale -> sale.amount() > 0;

        assertThatThrownBy(() ->
                        run(
                                sales(),
                                List.of(
                                        new Operator.MapRecords(
                                                failing, Sale.class, Boolean.class, SALES)),
                                new Sink.Collect()))
                .isInstanceOf(TaskFailed.class)
                .hasMessageContaining("NullPointerException")
                .hasMessageContaining("row 3 of its partition")
                .hasMessageContaining("Sale[region=north, amount=null, price=8.0]");
    }

    @Test
    void a_failure_in_the_middle_gives_all_memory_back() {
        holdSales();
        long held = pool.usedBytes();
        var overflow =
                new Named("x", call(Function.MULTIPLY, column("amount"), number(Long.MAX_VALUE)));
        var schema = Schema.of(Field.of("x", DataType.INT64));

        assertThatThrownBy(() ->
                        run(
                                sales(),
                                List.of(new Operator.Project(List.of(overflow), schema)),
                                new Sink.Collect()))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("OVERFLOW");

        assertThat(pool.usedBytes()).isEqualTo(held);
    }

    @Test
    void a_cancelled_task_ends_and_gives_all_memory_back() {
        holdSales();
        long held = pool.usedBytes();
        Checkpoint stop =
                () -> {
                    throw new Cancelled("cancelled", List.of(), "nothing to do");
                };
        var pipeline = new Pipeline(sales(), List.of(), grouped(Sink.Phase.SINGLE, 1));

        assertThatThrownBy(() ->
                        runner.run(
                                new PipelineTask(
                                        "q1",
                                        pipeline,
                                        List.of(),
                                        0,
                                        TaskInputs.NONE,
                                        stop,
                                        new PipelineCounts(pipeline))))
                .isInstanceOf(Cancelled.class);

        assertThat(pool.usedBytes()).isEqualTo(held);
    }

    @Test
    void an_operator_that_outgrows_the_budget_is_named() {
        var small = new MemoryPool(200 << 10);
        var rows = new ArrayList<List<Object>>();
        for (long i = 0; i < 4000; i++) rows.add(List.of("region" + i, i, 1.0));
        hold("sales", SALES, rows);
        var pipeline = new Pipeline(sales(), List.of(), grouped(Sink.Phase.SINGLE, 1));
        var tight = new PipelineRunner(small, store, dictionaries, files);

        assertThatThrownBy(() ->
                        tight.run(
                                new PipelineTask(
                                        "q7",
                                        pipeline,
                                        List.of(),
                                        0,
                                        TaskInputs.NONE,
                                        Checkpoint.NONE,
                                        new PipelineCounts(pipeline))))
                .isInstanceOf(MemoryRefused.class)
                .hasMessageContaining("Aggregate of q7, partition 0 asked for");

        small.close();
    }

    @Test
    void whatever_allocation_is_refused_all_memory_comes_back() {
        var rows = new ArrayList<List<Object>>();
        for (long i = 0; i < 300; i++) rows.add(List.of("region" + i % 200, i, i * 0.5));
        hold("sales", SALES, rows);
        var order = List.of(new OrderBy(column("region"), false, false));
        List<Sink> sinks =
                List.of(
                        grouped(Sink.Phase.SINGLE, 1),
                        grouped(Sink.Phase.PARTIAL, 4),
                        new Sink.Exchange(List.of(column("region")), 4),
                        new Sink.SortRun(order),
                        new Sink.TopRows(order, 10),
                        new Sink.BuildTable(List.of(column("region")), SALES));
        var filter = new Operator.Filter(call(Function.GREATER, column("amount"), number(20)));
        for (Sink sink : sinks) {
            var pipeline = new Pipeline(sales(), List.of(filter), sink);
            int refusals = 0;
            for (long limit = 1 << 10; ; limit += 1 << 10) {
                var tight = new MemoryPool(limit);
                var counts = new PipelineCounts(pipeline);
                try (TaskOutput output =
                        new PipelineRunner(tight, store, dictionaries, files)
                                .run(
                                        new PipelineTask(
                                                "q1",
                                                pipeline,
                                                List.of(),
                                                0,
                                                TaskInputs.NONE,
                                                Checkpoint.NONE,
                                                counts))) {
                    assertThat(output.rows()).isPositive();
                    break;
                } catch (MemoryRefused e) {
                    refusals++;
                } finally {
                    tight.close();
                }
            }
            assertThat(refusals).as(sink.toString()).isGreaterThan(5);
        }
    }

    private static WriteTarget target(Path dir, boolean directory, String... partitionBy) {
        return new WriteTarget(
                WriteTarget.Format.PARQUET,
                dir.resolve("out").toString(),
                dir.resolve("staging").toString(),
                directory,
                List.of(partitionBy),
                "snappy",
                CsvFormat.DEFAULT);
    }

    @Test
    void rows_are_written_into_a_folder_for_each_value(@TempDir Path dir) {
        hold(
                "sales",
                SALES,
                List.of(
                        List.of("a/b", 1L, 1.0),
                        Arrays.asList(null, 2L, 2.0),
                        List.of("a/b", 3L, 3.0),
                        List.of("..", 4L, 4.0)));

        TaskOutput output =
                run(sales(), List.of(), new Sink.Write(target(dir, true, "region"), SALES));

        var manifest = rows(output);
        assertThat(manifest)
                .extracting(row -> row.get(0))
                .containsExactly(
                        dir + "/out/region=a%2Fb/part-00000.parquet",
                        dir + "/out/region=__HIVE_DEFAULT_PARTITION__/part-00000.parquet",
                        dir + "/out/region=%2E./part-00000.parquet");
        assertThat(manifest).extracting(row -> row.get(2)).containsExactly(2L, 1L, 1L);
        assertThat(files.files.get(manifest.getFirst().get(1)))
                .containsExactly(List.of(1L, 1.0), List.of(3L, 3.0));
    }

    @Test
    void a_write_that_fails_leaves_no_file(@TempDir Path dir) throws IOException {
        holdSales();
        files.rowsUntilFailure = 3;

        assertThatThrownBy(() -> run(sales(), List.of(), new Sink.Write(target(dir, false), SALES)))
                .hasMessage("disk full");

        try (var left = Files.list(dir.resolve("staging"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void a_frame_that_was_released_is_not_there() {
        assertThatThrownBy(() -> run(sales(), List.of(), new Sink.Collect()))
                .hasMessageContaining("the rows of 'sales' are not held any more   (UNAVAILABLE)");
    }
}
