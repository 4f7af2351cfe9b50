package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.expression.AggregateFunction;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.util.List;

/// Sample variances and standard deviations.
///
/// Count, mean and sum of squared deviations by Welford, "Note on a Method for Calculating
/// Corrected Sums of Squares and Products", Technometrics 4(3), 1962; merged by Chan, Golub,
/// LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979.
final class VarianceAccumulator implements Accumulator {
    private final MemoryAccount account;
    private final boolean root;
    private final Cells counts;
    private final Cells means;
    private final Cells squares;

    VarianceAccumulator(AggregateFunction function, MemoryAccount account) {
        this.account = account;
        this.root = function == AggregateFunction.STANDARD_DEVIATION;
        this.counts = new Cells(0, account);
        this.means = new Cells(0, account);
        this.squares = new Cells(0, account);
    }

    @Override
    public void grow(int groupCount) {
        counts.grow(groupCount);
        means.grow(groupCount);
        squares.grow(groupCount);
    }

    @Override
    public void update(Batch batch) {
        double scale = 1;
        boolean floats = false;
        if (batch.input().type() instanceof DataType.Decimal(_, var digits))
            scale = BigDecimal.ONE.movePointLeft(digits).doubleValue();
        else floats = Longs.isFloat(batch.input().type());
        if (batch.input() instanceof FixedColumn wide && wide.width() == 16) {
            for (int i = 0; i < batch.count; i++) {
                long low = wide.values().get(Layouts.LONG, batch.rows[i] * 16L);
                long high = wide.values().get(Layouts.LONG, batch.rows[i] * 16L + 8);
                double value = high * 0x1p64 + unsigned(low);
                batch.values[i] = Double.doubleToRawLongBits(value * scale);
            }
        } else {
            batch.read();
            boolean unsigned = batch.input().type().equals(DataType.UINT64);
            if (!floats)
                for (int i = 0; i < batch.count; i++) {
                    double value = unsigned ? unsigned(batch.values[i]) : batch.values[i];
                    batch.values[i] = Double.doubleToRawLongBits(value * scale);
                }
        }
        add(batch.values, batch.groups, batch.count);
    }

    private static double unsigned(long value) {
        return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
    }

    private void add(long[] values, int[] groups, int rows) {
        MemorySegment n = counts.segment();
        MemorySegment m = means.segment();
        MemorySegment s = squares.segment();
        for (int i = 0; i < rows; i++) {
            long at = groups[i] * 8L;
            double value = Double.longBitsToDouble(values[i]);
            long count = n.get(Layouts.LONG, at) + 1;
            double mean = m.get(Layouts.DOUBLE, at);
            double delta = value - mean;
            mean += delta / count;
            n.set(Layouts.LONG, at, count);
            m.set(Layouts.DOUBLE, at, mean);
            s.set(Layouts.DOUBLE, at, s.get(Layouts.DOUBLE, at) + delta * (value - mean));
        }
    }

    @Override
    public void merge(List<Column> states, int[] groups, int rows) {
        MemorySegment otherCounts = ((FixedColumn) states.get(0)).values();
        MemorySegment otherMeans = ((FixedColumn) states.get(1)).values();
        MemorySegment otherSquares = ((FixedColumn) states.get(2)).values();
        for (int i = 0; i < rows; i++) {
            long more = otherCounts.get(Layouts.LONG, i * 8L);
            if (more == 0) continue;
            long at = groups[i] * 8L;
            long count = counts.segment().get(Layouts.LONG, at);
            double mean = means.segment().get(Layouts.DOUBLE, at);
            double otherMean = otherMeans.get(Layouts.DOUBLE, i * 8L);
            double other = otherSquares.get(Layouts.DOUBLE, i * 8L);
            if (count == 0) {
                means.segment().set(Layouts.DOUBLE, at, otherMean);
                squares.segment().set(Layouts.DOUBLE, at, other);
            } else {
                double delta = otherMean - mean;
                double all = (double) count + more;
                double square = squares.segment().get(Layouts.DOUBLE, at);
                means.segment().set(Layouts.DOUBLE, at, mean + delta * (more / all));
                squares.segment()
                        .set(
                                Layouts.DOUBLE,
                                at,
                                square + other + delta * delta * (count * (more / all)));
            }
            counts.segment().set(Layouts.LONG, at, count + more);
        }
    }

    @Override
    public List<DataType> stateTypes() {
        return List.of(DataType.INT64, DataType.FLOAT64, DataType.FLOAT64);
    }

    @Override
    public List<Column> states(int from, int count) {
        return List.of(
                Longs.column(DataType.INT64, counts.segment(), from, count, null, account),
                Longs.column(DataType.FLOAT64, means.segment(), from, count, null, account),
                Longs.column(DataType.FLOAT64, squares.segment(), from, count, null, account));
    }

    @Override
    public Column result(int from, int count) {
        Buffer values = account.allocate(count * 8L);
        Buffer valid = account.allocateZeroed(Validity.bytes(count));
        for (int i = 0; i < count; i++) {
            long n = counts.get(from + i);
            double square = squares.segment().get(Layouts.DOUBLE, (from + i) * 8L);
            double variance = square / (n - 1);
            values.segment().set(Layouts.DOUBLE, i * 8L, root ? Math.sqrt(variance) : variance);
            if (n > 1) Validity.set(valid.segment(), i, true);
        }
        Longs.oneNan(values.segment(), 0, count);
        boolean all = Validity.countOnes(valid.segment(), count) == count;
        if (all) valid.close();
        return new FixedColumn(DataType.FLOAT64, count, values, all ? null : valid);
    }

    @Override
    public void close() {
        counts.close();
        means.close();
        squares.close();
    }
}
