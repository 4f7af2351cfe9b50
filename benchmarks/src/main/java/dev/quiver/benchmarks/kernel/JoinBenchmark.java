package dev.quiver.benchmarks.kernel;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.kernel.JoinProbe;
import dev.quiver.columnar.kernel.JoinTable;
import dev.quiver.operator.JoinKind;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// An inner join of a million rows with a tenth as many, whose keys are unique; one probed row in
/// ten finds nothing. The two sides of a categorical key have dictionaries of their own.
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls setUp
public class JoinBenchmark {
    /// The key's type.
    public enum Key {
        LONG,
        CATEGORICAL
    }

    @Param("1000000")
    public int rows;

    @Param public Key key;

    private InputColumns inputs;
    private Chunk build;
    private List<Chunk> probed;
    private JoinTable table;

    @Setup
    public void setUp() {
        inputs = new InputColumns();
        int buildRows = buildRows();
        int numbers = numbers();
        IntUnaryOperator number = row -> RowValues.group(row, numbers, 0);
        build =
                inputs.chunk(
                        inputs.longs(buildRows, row -> row),
                        switch (key) {
                            case LONG -> inputs.longs(buildRows, RowValues::sparse);
                            case CATEGORICAL -> inputs.categories(buildRows, buildRows, row -> row);
                        });
        probed =
                inputs.cut(
                        inputs.chunk(
                                inputs.longs(rows, row -> row),
                                switch (key) {
                                    case LONG ->
                                            inputs.longs(
                                                    rows,
                                                    row ->
                                                            RowValues.sparse(
                                                                    number.applyAsInt(row)));
                                    case CATEGORICAL -> inputs.categories(rows, numbers, number);
                                }));
        table = table();
    }

    int buildRows() {
        return rows / 10;
    }

    /// How many numbers the probed rows have: those from [#buildRows] on find nothing.
    int numbers() {
        return buildRows() * 10 / 9;
    }

    private JoinTable table() {
        return JoinTable.build(build.retain(), List.of(build.column(1)), inputs.account());
    }

    /// @return the rows of the build side
    @Benchmark
    public int build() {
        try (JoinTable made = table()) {
            return made.rows();
        }
    }

    /// @return the total of the column taken from the build side
    @Benchmark
    public long probe() {
        long[] total = {0};
        var schema =
                Schema.of(
                        Field.of("c0", DataType.INT64),
                        probed.getFirst().schema().field(1),
                        Field.of("right", DataType.INT64));
        try (var probe =
                new JoinProbe(table, JoinKind.INNER, List.of("c0"), schema, inputs.account())) {
            for (Chunk chunk : probed) {
                probe.probe(
                        chunk,
                        List.of(chunk.column(1)),
                        joined -> {
                            total[0] += RowTotals.longs(joined.column(2));
                            joined.close();
                        });
            }
        }
        return total[0];
    }

    @TearDown
    public void tearDown() {
        table.close();
        inputs.close();
    }
}
