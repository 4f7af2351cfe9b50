package dev.quiver.benchmarks.kernel;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.kernel.SortOrder;
import dev.quiver.columnar.kernel.SortedRun;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.expression.Expression;
import dev.quiver.operator.OrderBy;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Sorts a million rows in one run. `order` is the radix sort of the keys alone, `run` moves an
/// int32 column and the keys as well.
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls setUp
public class SortBenchmark {
    static final int TEXTS = 10_000;
    static final int GROUPS = 1000;

    /// The keys' types; `TWO` is an int32 with few values, then a float64.
    public enum Keys {
        LONG,
        DOUBLE,
        STRING,
        TWO
    }

    @Param("1000000")
    public int rows;

    @Param public Keys keys;

    private InputColumns inputs;
    private Chunk chunk;
    private List<Column> sortKeys;
    private List<OrderBy> order;

    @Setup
    public void setUp() {
        inputs = new InputColumns();
        sortKeys =
                switch (keys) {
                    case LONG -> List.of(inputs.longs(rows, RowValues::sparse));
                    case DOUBLE -> List.of(inputs.doubles(rows, RowValues::fraction));
                    case STRING ->
                            List.of(inputs.texts(rows, row -> RowValues.group(row, TEXTS, 0)));
                    case TWO ->
                            List.of(
                                    inputs.ints(rows, row -> RowValues.group(row, GROUPS, 0)),
                                    inputs.doubles(rows, RowValues::fraction));
                };
        order = new ArrayList<>();
        for (int k = 0; k < sortKeys.size(); k++)
            order.add(new OrderBy(new Expression.Column("c" + (k + 1)), false, false));
        var columns = new ArrayList<Column>();
        columns.add(inputs.ints(rows, row -> row));
        columns.addAll(sortKeys);
        chunk = inputs.chunk(columns.toArray(Column[]::new));
    }

    /// @return the total of the row numbers, each times its place
    @Benchmark
    public long order() {
        try (Buffer numbers = SortOrder.of(sortKeys, order, rows, inputs.account())) {
            return RowTotals.ordered(numbers.segment(), rows);
        }
    }

    /// @return the same, of the column that was moved
    @Benchmark
    public long run() {
        try (SortedRun run = SortedRun.of(chunk, sortKeys, order, rows, inputs.account())) {
            long total = 0;
            int from = 0;
            for (Chunk part : run.chunks()) {
                var column = (FixedColumn) part.column(0);
                total +=
                        RowTotals.ordered(column.values(), part.rows())
                                + from * RowTotals.ints(column);
                from += part.rows();
            }
            return total;
        }
    }

    @TearDown
    public void tearDown() {
        inputs.close();
    }
}
