package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/// Means: of floats by sums of doubles in row order; of integers and decimals by exact sums, which
/// are divided once.
final class MeanAccumulator implements Accumulator {
    private final MemoryAccount account;
    private final DataType type;
    private final Accumulator sum;
    private final CountAccumulator count;

    /// @param type of the result: a float, or a decimal
    /// @param sum a [SumAccumulator] of float64 or a [WideSumAccumulator], taken over
    MeanAccumulator(DataType type, Accumulator sum, MemoryAccount account) {
        this.account = account;
        this.type = type;
        this.sum = sum;
        this.count = new CountAccumulator(account);
    }

    @Override
    public void grow(int groupCount) {
        sum.grow(groupCount);
        count.grow(groupCount);
    }

    @Override
    public void update(Batch batch) {
        count.update(batch);
        sum.update(batch);
    }

    @Override
    public void merge(List<Column> states, int[] groups, int rows) {
        sum.merge(states.subList(0, 1), groups, rows);
        count.merge(states.subList(1, 2), groups, rows);
    }

    @Override
    public List<DataType> stateTypes() {
        return List.of(sum.stateTypes().getFirst(), DataType.INT64);
    }

    @Override
    public List<Column> states(int from, int rows) {
        var both = new ArrayList<Column>(sum.states(from, rows));
        both.add(count.result(from, rows));
        return both;
    }

    @Override
    public Column result(int from, int rows) {
        try (var seen = new Seen(account);
                var means = new Cells(0, account)) {
            means.grow(rows);
            seen.grow(rows);
            MemorySegment to = means.segment();
            var batch = new Batch();
            batch.groups = new int[rows];
            for (int i = 0; i < rows; i++) {
                long n = count.count(from + i);
                if (n == 0) continue;
                batch.groups[batch.count++] = i;
                if (type instanceof DataType.Decimal(_, var scale))
                    to.set(Layouts.LONG, i * 8L, decimalMean(from + i, n, scale));
                else to.set(Layouts.DOUBLE, i * 8L, mean(from + i, n));
            }
            if (Longs.isFloat(type)) Longs.oneNan(to, 0, rows);
            batch.complete = batch.count == rows;
            if (!batch.complete) {
                seen.markOnly(batch.groups, batch.count);
            }
            return Longs.column(type, to, 0, rows, seen.validity(0, rows), account);
        }
    }

    private double mean(int group, long n) {
        return switch (sum) {
            case SumAccumulator floats -> floats.sumOfFloats(group) / n;
            case WideSumAccumulator wide when wide.isNarrow(group) && wide.scale() == 0 ->
                    (double) wide.low(group) / n;
            case WideSumAccumulator wide ->
                    new BigDecimal(wide.sum(group), wide.scale())
                            .divide(BigDecimal.valueOf(n), MathContext.DECIMAL128)
                            .doubleValue();
            default -> throw new IllegalStateException("a mean over " + sum);
        };
    }

    private long decimalMean(int group, long n, int scale) {
        var wide = (WideSumAccumulator) sum;
        BigInteger units =
                new BigDecimal(wide.sum(group), wide.scale())
                        .divide(BigDecimal.valueOf(n), scale, RoundingMode.HALF_UP)
                        .unscaledValue();
        return units.longValueExact();
    }

    @Override
    public void close() {
        sum.close();
        count.close();
    }
}
