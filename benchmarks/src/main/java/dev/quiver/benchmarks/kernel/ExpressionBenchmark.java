package dev.quiver.benchmarks.kernel;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.kernel.Take;
import dev.quiver.columnar.kernel.expression.ExpressionEvaluator;
import dev.quiver.columnar.kernel.expression.Selection;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.expression.Binder;
import dev.quiver.expression.Expression;
import dev.quiver.expression.ExpressionParser;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Conditions and arithmetic over chunks that are in memory.
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls setUp
public class ExpressionBenchmark {
    static final int TEXTS = 100;

    @Param("1000000")
    public int rows;

    private InputColumns inputs;
    private List<Chunk> chunks;
    private ExpressionEvaluator less;
    private ExpressionEvaluator equal;
    private ExpressionEvaluator both;
    private ExpressionEvaluator product;

    @Setup
    public void setUp() {
        inputs = new InputColumns();
        Chunk whole =
                inputs.chunk(
                        inputs.doubles(rows, row -> RowValues.number(row, 0)),
                        inputs.doubles(rows, row -> RowValues.number(row, 1)),
                        inputs.categories(rows, TEXTS, row -> RowValues.group(row, TEXTS, 2)),
                        inputs.bools(
                                rows,
                                row -> RowValues.group(row, 2, 3) == 0,
                                row -> RowValues.group(row, 10, 4) > 0),
                        inputs.bools(
                                rows,
                                row -> RowValues.group(row, 3, 5) > 0,
                                row -> RowValues.group(row, 10, 6) > 0));
        chunks = inputs.cut(whole);
        less = evaluator(whole, "c0 < 25");
        equal = evaluator(whole, "c2 = '%s'".formatted(RowValues.text(7)));
        both = evaluator(whole, "c3 and c4");
        product = evaluator(whole, "c0 * (1 - c1) + 2");
    }

    private static ExpressionEvaluator evaluator(Chunk chunk, String text) {
        Expression parsed = ExpressionParser.parse(text);
        return ExpressionEvaluator.of(
                Binder.bind(parsed, chunk.schema(), "benchmark").expression(), chunk.schema());
    }

    /// @return how many rows fulfil it
    @Benchmark
    public long doubleLess() {
        return count(less);
    }

    /// @return how many rows fulfil it
    @Benchmark
    public long dictionaryEqual() {
        return count(equal);
    }

    /// @return how many rows fulfil it
    @Benchmark
    public long kleeneAnd() {
        return count(both);
    }

    private long count(ExpressionEvaluator condition) {
        long count = 0;
        for (Chunk chunk : chunks) count += condition.select(chunk, inputs.account()).count();
        return count;
    }

    /// A quarter of the rows stay.
    ///
    /// @return the total of the second column
    @Benchmark
    public double filter() {
        double total = 0;
        for (Chunk chunk : chunks) {
            Selection selection = less.select(chunk, inputs.account());
            if (selection.count() == 0) continue;
            try (Buffer positions = inputs.account().allocate(selection.count() * 4L)) {
                selection.positions(positions.segment());
                try (Chunk kept =
                        Take.chunk(
                                chunk,
                                positions.segment(),
                                0,
                                selection.count(),
                                inputs.account())) {
                    total += RowTotals.doubles(kept.column(1));
                }
            }
        }
        return total;
    }

    /// @return the total
    @Benchmark
    public double arithmetic() {
        double total = 0;
        for (Chunk chunk : chunks) {
            try (Column made = product.evaluate(chunk, inputs.account())) {
                total += RowTotals.doubles(made);
            }
        }
        return total;
    }

    @TearDown
    public void tearDown() {
        for (var evaluator : List.of(less, equal, both, product)) evaluator.close();
        inputs.close();
    }
}
