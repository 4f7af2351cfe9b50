package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Sums in 64 bits: of integers, where overflow is an error, or of floats, added in row order.
final class SumAccumulator implements Accumulator {
    private final MemoryAccount account;
    private final DataType type;
    private final String name;
    private final boolean floating;
    private final Cells sums;
    private final Seen seen;
    private long[] partials = new long[0];

    /// @param type of the result
    /// @param name the aggregate's, for errors
    SumAccumulator(DataType type, String name, MemoryAccount account) {
        this.account = account;
        this.type = type;
        this.name = name;
        this.floating = Longs.isFloat(type);
        this.sums = new Cells(0, account);
        this.seen = new Seen(account);
    }

    @Override
    public void grow(int groupCount) {
        sums.grow(groupCount);
        seen.grow(groupCount);
    }

    @Override
    public void update(Batch batch) {
        seen.mark(batch);
        if (batch.complete
                && batch.input() instanceof FixedColumn plain
                && plain.type().equals(floating ? DataType.FLOAT64 : DataType.INT64)) {
            addPlain(plain.values(), batch.groups, batch.count);
            return;
        }
        batch.read();
        add(batch.values, batch.groups, batch.count, Longs.isFloat(batch.input().type()));
    }

    private void add(long[] values, int[] groups, int rows, boolean fromFloat) {
        MemorySegment to = sums.segment();
        if (floating) {
            if (!fromFloat)
                for (int i = 0; i < rows; i++)
                    values[i] = Double.doubleToRawLongBits((double) values[i]);
            addFloats(values, groups, rows, to);
        } else if (addIntegers(values, groups, rows, to) < 0) {
            throw overflow(name, type);
        }
    }

    /// All values as they lie in memory.
    private void addPlain(MemorySegment values, int[] groups, int rows) {
        if (floating) addPlainFloats(values, groups, rows, sums.segment());
        else if (addPlainIntegers(values, groups, rows, sums.segment()) < 0)
            throw overflow(name, type);
    }

    private static void addPlainFloats(
            MemorySegment values, int[] groups, int rows, MemorySegment to) {
        for (int i = 0; i < rows; i++) {
            long at = groups[i] * 8L;
            to.set(
                    Layouts.DOUBLE,
                    at,
                    to.get(Layouts.DOUBLE, at) + values.get(Layouts.DOUBLE, i * 8L));
        }
    }

    private static long addPlainIntegers(
            MemorySegment values, int[] groups, int rows, MemorySegment to) {
        long overflow = 0;
        for (int i = 0; i < rows; i++) {
            long at = groups[i] * 8L;
            long value = values.get(Layouts.LONG, i * 8L);
            long old = to.get(Layouts.LONG, at);
            long sum = old + value;
            overflow |= (old ^ sum) & (value ^ sum);
            to.set(Layouts.LONG, at, sum);
        }
        return overflow;
    }

    private static void addFloats(long[] values, int[] groups, int rows, MemorySegment to) {
        for (int i = 0; i < rows; i++) {
            long at = groups[i] * 8L;
            double sum = to.get(Layouts.DOUBLE, at) + Double.longBitsToDouble(values[i]);
            to.set(Layouts.DOUBLE, at, sum);
        }
    }

    /// @return negative when some sum overflowed
    private static long addIntegers(long[] values, int[] groups, int rows, MemorySegment to) {
        long overflow = 0;
        for (int i = 0; i < rows; i++) {
            long at = groups[i] * 8L;
            long value = values[i];
            long old = to.get(Layouts.LONG, at);
            long sum = old + value;
            overflow |= (old ^ sum) & (value ^ sum);
            to.set(Layouts.LONG, at, sum);
        }
        return overflow;
    }

    static QuiverException overflow(String name, DataType type) {
        return new QuiverException(
                ErrorCode.OVERFLOW,
                "the sum '%s' leaves the range of %s".formatted(name, type),
                List.of(),
                "sum a wider type: cast the column to decimal(38,0) or float64 first");
    }

    @Override
    public void merge(List<Column> states, int[] groups, int rows) {
        Column state = states.getFirst();
        if (partials.length < rows) partials = new long[rows];
        seen.mark(state, groups, rows);
        Longs.read(state, 0, rows, partials);
        if (state.nullCount() > 0)
            for (int i = 0; i < rows; i++) if (state.isNull(i)) partials[i] = 0;
        add(partials, groups, rows, floating);
    }

    double sumOfFloats(int group) {
        return Double.longBitsToDouble(sums.get(group));
    }

    @Override
    public List<DataType> stateTypes() {
        return List.of(type);
    }

    @Override
    public List<Column> states(int from, int count) {
        return List.of(result(from, count));
    }

    @Override
    public Column result(int from, int count) {
        if (floating) Longs.oneNan(sums.segment(), from, count);
        return Longs.column(type, sums.segment(), from, count, seen.validity(from, count), account);
    }

    @Override
    public void close() {
        sums.close();
        seen.close();
    }
}
