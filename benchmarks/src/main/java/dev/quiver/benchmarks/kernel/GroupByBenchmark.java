package dev.quiver.benchmarks.kernel;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.kernel.Aggregation;
import dev.quiver.expression.AggregateFunction;
import dev.quiver.expression.Expression;
import dev.quiver.operator.NamedAggregate;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Groups and one aggregate of a float64 column, from chunks to the results of all groups.
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls setUp
public class GroupByBenchmark {
    static final int GROUPS_FEW = 100;
    static final int GROUPS_MANY = 10_000;

    /// The keys' types and numbers of groups.
    public enum Keys {
        INT,
        CATEGORICAL,
        TWO,
        STRING
    }

    /// The aggregate.
    public enum Of {
        SUM(AggregateFunction.SUM),
        MEAN(AggregateFunction.MEAN),
        MIN(AggregateFunction.MIN);

        private final AggregateFunction function;

        Of(AggregateFunction function) {
            this.function = function;
        }
    }

    @Param("1000000")
    public int rows;

    @Param public Keys keys;
    @Param public Of of;

    private InputColumns inputs;
    private List<Chunk> chunks;
    private List<DataType> keyTypes;
    private List<NamedAggregate> aggregates;
    private Schema result;

    @Setup
    public void setUp() {
        inputs = new InputColumns();
        Column value = inputs.doubles(rows, row -> RowValues.number(row, 2));
        Chunk whole =
                switch (keys) {
                    case INT ->
                            inputs.chunk(
                                    value,
                                    inputs.ints(rows, row -> RowValues.group(row, GROUPS_MANY, 0)));
                    case CATEGORICAL -> inputs.chunk(value, categories(0));
                    case TWO -> inputs.chunk(value, categories(0), categories(1));
                    case STRING ->
                            inputs.chunk(
                                    value,
                                    inputs.texts(
                                            rows, row -> RowValues.group(row, GROUPS_MANY, 0)));
                };
        chunks = inputs.cut(whole);
        List<Field> fields = whole.schema().fields().subList(1, whole.schema().size());
        keyTypes = fields.stream().map(Field::type).toList();
        aggregates =
                List.of(
                        new NamedAggregate(
                                "x",
                                new Expression.Aggregate(
                                        of.function,
                                        Optional.of(new Expression.Column("c0")),
                                        Optional.empty()),
                                DataType.FLOAT64));
        var results = new ArrayList<>(fields);
        results.add(Field.of("x", DataType.FLOAT64));
        result = new Schema(results);
    }

    private Column categories(int column) {
        return inputs.categories(rows, GROUPS_FEW, row -> RowValues.group(row, GROUPS_FEW, column));
    }

    /// @return the number of groups and the total of their results
    @Benchmark
    public double groupBy() {
        var none = new ArrayList<@Nullable BoolColumn>();
        none.add(null);
        try (var aggregation =
                Aggregation.ofRows(
                        keyTypes, aggregates, List.of(DataType.FLOAT64), inputs.account())) {
            for (Chunk chunk : chunks)
                aggregation.update(
                        chunk.columns().subList(1, chunk.columns().size()),
                        List.of(chunk.column(0)),
                        none,
                        chunk.rows());
            double total = aggregation.groupCount();
            for (Chunk chunk : aggregation.results(result, 1).getFirst()) {
                total += RowTotals.doubles(chunk.column("x"));
                chunk.close();
            }
            return total;
        }
    }

    @TearDown
    public void tearDown() {
        inputs.close();
    }
}
