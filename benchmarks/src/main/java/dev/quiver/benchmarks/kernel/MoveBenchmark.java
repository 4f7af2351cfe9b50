package dev.quiver.benchmarks.kernel;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.kernel.Concat;
import dev.quiver.columnar.kernel.RowHash;
import dev.quiver.columnar.kernel.Scatter;
import dev.quiver.columnar.kernel.Take;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Moves rows of an int64, a categorical and a plain text column: gathered at random, end to end,
/// spread over sixteen buckets. And the hashes by which they would be spread.
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls setUp
public class MoveBenchmark {
    static final int BUCKETS = 16;
    static final int TEXTS = 1000;

    @Param("1000000")
    public int rows;

    private InputColumns inputs;
    private Chunk whole;
    private List<Chunk> chunks;
    private FixedColumn places;
    private FixedColumn buckets;

    @Setup
    public void setUp() {
        inputs = new InputColumns();
        whole =
                inputs.chunk(
                        inputs.longs(rows, row -> row),
                        inputs.categories(rows, TEXTS, row -> RowValues.group(row, TEXTS, 0)),
                        inputs.texts(rows, row -> RowValues.group(row, TEXTS, 1)));
        chunks = inputs.cut(whole);
        places = (FixedColumn) inputs.ints(rows, row -> RowValues.group(row, rows, 2));
        buckets = (FixedColumn) inputs.ints(rows, row -> RowValues.group(row, BUCKETS, 3));
    }

    /// @return the total of the first column and of the codes
    @Benchmark
    public long take() {
        try (Chunk taken = Take.chunk(whole, places.values(), 0, rows, inputs.account())) {
            return total(taken);
        }
    }

    /// @return the total of the first column and of the codes
    @Benchmark
    public long concat() {
        var parts = new ArrayList<Chunk>();
        for (Chunk chunk : chunks) parts.add(chunk.retain());
        try (Chunk all = Concat.chunk(whole.schema(), parts, inputs.account())) {
            return total(all);
        }
    }

    /// @return the totals of the buckets, each times its number
    @Benchmark
    public long scatter() {
        var made = new ArrayList<List<Chunk>>();
        for (int b = 0; b < BUCKETS; b++) made.add(new ArrayList<>());
        Scatter.rows(whole, buckets.values(), made, inputs.account());
        long total = 0;
        for (int b = 0; b < BUCKETS; b++) {
            for (Chunk chunk : made.get(b)) {
                total += b * total(chunk);
                chunk.close();
            }
        }
        return total;
    }

    private static long total(Chunk chunk) {
        return RowTotals.longs(chunk.column(0)) + RowTotals.ints(chunk.column(1));
    }

    /// @return all hashes by exclusive or
    @Benchmark
    public long hashTexts() {
        var hash = new RowHash();
        var hashes = new long[Math.min(rows, Chunk.ROWS)];
        long all = 0;
        for (Chunk chunk : chunks) {
            List<Column> keys = List.of(chunk.column(2));
            hash.into(keys, chunk.rows(), hashes);
            for (int i = 0; i < chunk.rows(); i++) all ^= hashes[i];
        }
        return all;
    }

    @TearDown
    public void tearDown() {
        inputs.close();
    }
}
