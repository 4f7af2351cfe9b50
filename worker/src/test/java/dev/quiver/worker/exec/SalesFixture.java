package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.expression.AggregateFunction;
import dev.quiver.expression.Binder;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Expression.Literal;
import dev.quiver.expression.Function;
import dev.quiver.expression.Named;
import dev.quiver.graph.Dependency;
import dev.quiver.io.DictionarySet;
import dev.quiver.operator.NamedAggregate;
import dev.quiver.operator.Operator;
import dev.quiver.operator.Pipeline;
import dev.quiver.operator.Sink;
import dev.quiver.operator.Source;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.TaskOutput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Five rows of sales, held under `sales`, and a runner of pipelines over them.
final class SalesFixture implements AutoCloseable {
    static final Schema SALES =
            Schema.of(
                    Field.of("region", DataType.UTF8),
                    Field.of("amount", DataType.INT64),
                    Field.of("price", DataType.FLOAT64));

    final MemoryPool pool = new MemoryPool(64 << 20);
    final ChunkStore store = new ChunkStore();
    final DictionarySet dictionaries =
            new DictionarySet(pool.account(new Owner("test", "Dictionaries", -1)));
    final MemoryFiles files = new MemoryFiles();
    final PipelineRunner runner = new PipelineRunner(pool, store, dictionaries, files);

    /// Fails when memory is left.
    @Override
    public void close() {
        files.scanned.forEach(Chunk::close);
        store.close();
        dictionaries.close();
        pool.close();
    }

    void hold(String id, Schema schema, List<? extends List<? extends @Nullable Object>> rows) {
        var account = pool.account(new Owner("test", "Held", -1));
        store.hold(
                id,
                List.of(TaskOutput.ofChunks(List.of(ColumnBuilder.chunk(schema, account, rows)))));
    }

    void holdSales() {
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

    static Source sales() {
        return new Source.Held("sales", SALES, 1);
    }

    TaskOutput run(
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

    TaskOutput run(Source source, List<Operator> operators, Sink sink) {
        return run(source, operators, sink, List.of(), 0, TaskInputs.NONE);
    }

    static List<List<@Nullable Object>> rows(TaskOutput output) {
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

    static Expression bound(Expression expression) {
        return Binder.bind(expression, SALES, "the test").expression();
    }

    static Expression call(Function function, Expression... arguments) {
        return bound(new Expression.Call(function, List.of(arguments)));
    }

    static Expression number(long value) {
        return new Literal(value, DataType.INT64);
    }

    static Expression.Column column(String name) {
        return new Expression.Column(name);
    }

    static NamedAggregate aggregate(AggregateFunction function, String input) {
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

    static Sink.Aggregate grouped(Sink.Phase phase, int buckets) {
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
}
