package dev.quiver.worker.exec;

import static dev.quiver.worker.exec.SalesFixture.SALES;
import static dev.quiver.worker.exec.SalesFixture.call;
import static dev.quiver.worker.exec.SalesFixture.column;
import static dev.quiver.worker.exec.SalesFixture.grouped;
import static dev.quiver.worker.exec.SalesFixture.number;
import static dev.quiver.worker.exec.SalesFixture.rows;
import static dev.quiver.worker.exec.SalesFixture.sales;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.dataframe.Fn;
import dev.quiver.error.Cancelled;
import dev.quiver.error.MemoryRefused;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import dev.quiver.expression.Function;
import dev.quiver.expression.Named;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.Operator;
import dev.quiver.operator.OrderBy;
import dev.quiver.operator.Pipeline;
import dev.quiver.operator.Sink;
import dev.quiver.operator.WriteTarget;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.TaskOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PipelineFailureTest {
    private final SalesFixture fixture = new SalesFixture();

    record Sale(String region, Long amount, double price) {}

    record Total(String region, double total) {}

    @AfterEach
    void nothing_is_left() {
        fixture.close();
    }

    @Test
    void user_code_sees_rows_as_records() {
        fixture.holdSales();
        Fn<Sale, Boolean> known = sale -> sale.region() != null && sale.amount() != null;
        Fn<Sale, Total> total = sale -> new Total(sale.region(), sale.amount() * sale.price());
        var schema =
                Schema.of(Field.of("region", DataType.UTF8), Field.of("total", DataType.FLOAT64));

        TaskOutput output =
                fixture.run(
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
        fixture.holdSales();
        Fn<Sale, Boolean> failing = sale -> sale.amount() > 0;

        assertThatThrownBy(() ->
                        fixture.run(
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
        fixture.holdSales();
        long held = fixture.pool.usedBytes();
        var overflow =
                new Named("x", call(Function.MULTIPLY, column("amount"), number(Long.MAX_VALUE)));
        var schema = Schema.of(Field.of("x", DataType.INT64));

        assertThatThrownBy(() ->
                        fixture.run(
                                sales(),
                                List.of(new Operator.Project(List.of(overflow), schema)),
                                new Sink.Collect()))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("OVERFLOW");

        assertThat(fixture.pool.usedBytes()).isEqualTo(held);
    }

    @Test
    void a_cancelled_task_ends_and_gives_all_memory_back() {
        fixture.holdSales();
        long held = fixture.pool.usedBytes();
        Checkpoint stop =
                () -> {
                    throw new Cancelled("cancelled", List.of(), "nothing to do");
                };
        var pipeline = new Pipeline(sales(), List.of(), grouped(Sink.Phase.SINGLE, 1));

        assertThatThrownBy(() ->
                        fixture.runner.run(
                                new PipelineTask(
                                        "q1",
                                        pipeline,
                                        List.of(),
                                        0,
                                        TaskInputs.NONE,
                                        stop,
                                        new PipelineCounts(pipeline))))
                .isInstanceOf(Cancelled.class);

        assertThat(fixture.pool.usedBytes()).isEqualTo(held);
    }

    private void holdSales() {
        var rows = new ArrayList<List<Object>>();
        for (long i = 0; i < 300; i++) rows.add(List.of("region" + i % 200, i, i * 0.5));
        fixture.hold("sales", SALES, rows);
    }

    private static List<Pipeline> pipelinesOfAllSinks() {
        var order = List.of(new OrderBy(column("region"), false, false));
        var filter = new Operator.Filter(call(Function.GREATER, column("amount"), number(20)));
        return Stream.of(
                        grouped(Sink.Phase.SINGLE, 1),
                        grouped(Sink.Phase.PARTIAL, 4),
                        new Sink.Exchange(List.of(column("region")), 4),
                        new Sink.SortRun(order),
                        new Sink.TopRows(order, 10),
                        new Sink.BuildTable(List.of(column("region")), SALES))
                .map(sink -> new Pipeline(sales(), List.of(filter), sink))
                .toList();
    }

    @Test
    void wherever_a_task_is_stopped_all_memory_comes_back() {
        holdSales();
        long held = fixture.pool.usedBytes();
        for (Pipeline pipeline : pipelinesOfAllSinks()) {
            int stops = 0;
            while (stoppedAtCheck(pipeline, stops + 1)) {
                assertThat(fixture.pool.usedBytes()).isEqualTo(held);
                stops++;
            }
            assertThat(stops).isGreaterThan(10);
        }
        assertThat(fixture.pool.usedBytes()).isEqualTo(held);
    }

    /// Runs a pipeline, whose checkpoint throws the `check`-th time.
    ///
    /// @return false when it was done before
    private boolean stoppedAtCheck(Pipeline pipeline, int check) {
        var checks = new AtomicInteger();
        Checkpoint stop =
                () -> {
                    if (checks.incrementAndGet() == check)
                        throw new Cancelled("cancelled", List.of(), "nothing to do");
                };
        var task =
                new PipelineTask(
                        "q1",
                        pipeline,
                        List.of(),
                        0,
                        TaskInputs.NONE,
                        stop,
                        new PipelineCounts(pipeline));
        try (TaskOutput output = fixture.runner.run(task)) {
            assertThat(output.rows()).isPositive();
            return false;
        } catch (Cancelled e) {
            return true;
        }
    }

    @Test
    void an_operator_that_outgrows_the_budget_is_named() {
        var small = new MemoryPool(200 << 10);
        var rows = new ArrayList<List<Object>>();
        for (long i = 0; i < 4000; i++) rows.add(List.of("region" + i, i, 1.0));
        fixture.hold("sales", SALES, rows);
        var pipeline = new Pipeline(sales(), List.of(), grouped(Sink.Phase.SINGLE, 1));
        var tight = new PipelineRunner(small, fixture.store, fixture.dictionaries, fixture.files);

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
        holdSales();
        for (Pipeline pipeline : pipelinesOfAllSinks()) {
            int refusals = 0;
            for (long limit = 1 << 10; ; limit += 1 << 10) {
                var tight = new MemoryPool(limit);
                var counts = new PipelineCounts(pipeline);
                try (TaskOutput output =
                        new PipelineRunner(
                                        tight, fixture.store, fixture.dictionaries, fixture.files)
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
            assertThat(refusals).as(pipeline.sink().toString()).isGreaterThan(5);
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
        fixture.hold(
                "sales",
                SALES,
                List.of(
                        List.of("a/b", 1L, 1.0),
                        Arrays.asList(null, 2L, 2.0),
                        List.of("a/b", 3L, 3.0),
                        List.of("..", 4L, 4.0)));

        TaskOutput output =
                fixture.run(sales(), List.of(), new Sink.Write(target(dir, true, "region"), SALES));

        var manifest = rows(output);
        assertThat(manifest)
                .extracting(row -> row.get(0))
                .containsExactly(
                        dir + "/out/region=a%2Fb/part-00000.parquet",
                        dir + "/out/region=__HIVE_DEFAULT_PARTITION__/part-00000.parquet",
                        dir + "/out/region=%2E./part-00000.parquet");
        assertThat(manifest).extracting(row -> row.get(2)).containsExactly(2L, 1L, 1L);
        assertThat(fixture.files.files.get(manifest.getFirst().get(1)))
                .containsExactly(List.of(1L, 1.0), List.of(3L, 3.0));
    }

    @Test
    void a_write_that_fails_leaves_no_file(@TempDir Path dir) throws IOException {
        fixture.holdSales();
        fixture.files.rowsUntilFailure = 3;

        assertThatThrownBy(() ->
                        fixture.run(sales(), List.of(), new Sink.Write(target(dir, false), SALES)))
                .hasMessage("disk full");

        try (var left = Files.list(dir.resolve("staging"))) {
            assertThat(left).isEmpty();
        }
    }
}
