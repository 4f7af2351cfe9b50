package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.List;

/// Exact sums in 128 bits: of decimals, of unsigned 64-bit integers, and for means of integers.
final class WideSumAccumulator implements Accumulator {
    private final MemoryAccount account;
    private final DataType type;
    private final DataType.Decimal stateType;
    private final String name;
    private final Cells lows;
    private final Cells highs;
    private final Seen seen;

    /// @param type of the result: a decimal or a 64-bit integer
    /// @param name the aggregate's, for errors
    WideSumAccumulator(DataType type, int scale, String name, MemoryAccount account) {
        this.account = account;
        this.type = type;
        this.stateType = new DataType.Decimal(DataType.Decimal.PRECISION_MAX, scale);
        this.name = name;
        this.lows = new Cells(0, account);
        this.highs = new Cells(0, account);
        this.seen = new Seen(account);
    }

    @Override
    public void grow(int groupCount) {
        lows.grow(groupCount);
        highs.grow(groupCount);
        seen.grow(groupCount);
    }

    @Override
    public void update(Batch batch) {
        seen.mark(batch);
        if (batch.input() instanceof FixedColumn wide && wide.width() == 16) {
            for (int i = 0; i < batch.count; i++)
                addWide(wide.values(), batch.rows[i], batch.groups[i]);
            return;
        }
        batch.read();
        boolean signed = !(batch.input().type() instanceof DataType.Int(_, var s)) || s;
        addLongs(batch.values, batch.groups, batch.count, signed ? -1 : 0);
    }

    private void addLongs(long[] values, int[] groups, int count, long signMask) {
        MemorySegment low = lows.segment();
        MemorySegment high = highs.segment();
        for (int i = 0; i < count; i++) {
            long at = groups[i] * 8L;
            long sum = low.get(Layouts.LONG, at) + values[i];
            long carry = Long.compareUnsigned(sum, values[i]) < 0 ? 1 : 0;
            low.set(Layouts.LONG, at, sum);
            high.set(
                    Layouts.LONG,
                    at,
                    high.get(Layouts.LONG, at) + (values[i] >> 63 & signMask) + carry);
        }
    }

    private void addWide(MemorySegment values, int row, int group) {
        long value = values.get(Layouts.LONG, row * 16L);
        long sum = lows.get(group) + value;
        long carry = Long.compareUnsigned(sum, value) < 0 ? 1 : 0;
        long valueHigh = values.get(Layouts.LONG, row * 16L + 8);
        long oldHigh = highs.get(group);
        long high = oldHigh + valueHigh + carry;
        if (((oldHigh ^ high) & (valueHigh ^ high)) < 0) throw SumAccumulator.overflow(name, type);
        lows.set(group, sum);
        highs.set(group, high);
    }

    @Override
    public void merge(List<Column> states, int[] groups, int rows) {
        var state = (FixedColumn) states.getFirst();
        seen.mark(state, groups, rows);
        for (int i = 0; i < rows; i++) if (!state.isNull(i)) addWide(state.values(), i, groups[i]);
    }

    /// The sum of a group, in units of the scale.
    BigInteger sum(int group) {
        if (highs.get(group) == lows.get(group) >> 63) return BigInteger.valueOf(lows.get(group));
        try (Buffer both = account.allocate(16)) {
            both.segment().set(Layouts.LONG, 0, lows.get(group));
            both.segment().set(Layouts.LONG, 8, highs.get(group));
            return ColumnValues.wide(both.segment(), 0);
        }
    }

    /// Whether the sum fits a long, which [#low] then is.
    boolean isNarrow(int group) {
        return highs.get(group) == lows.get(group) >> 63;
    }

    long low(int group) {
        return lows.get(group);
    }

    int scale() {
        return stateType.scale();
    }

    @Override
    public List<DataType> stateTypes() {
        return List.of(stateType);
    }

    @Override
    public List<Column> states(int from, int count) {
        return List.of(column(stateType, from, count));
    }

    @Override
    public Column result(int from, int count) {
        return column(type, from, count);
    }

    private Column column(DataType as, int from, int count) {
        int width = FixedColumn.width(as);
        Buffer values = account.allocate((long) count * width);
        MemorySegment to = values.segment();
        try {
            for (int i = 0; i < count; i++) {
                int group = from + i;
                checkRange(as, group);
                to.set(Layouts.LONG, (long) i * width, lows.get(group));
                if (width == 16) to.set(Layouts.LONG, i * 16L + 8, highs.get(group));
            }
            return new FixedColumn(as, count, values, seen.validity(from, count));
        } catch (RuntimeException | Error e) {
            values.close();
            throw e;
        }
    }

    private void checkRange(DataType as, int group) {
        boolean fits =
                switch (as) {
                    case DataType.Decimal(var precision, _) ->
                            (precision > DataType.Decimal.PRECISION_64_MAX && isNarrow(group))
                                    || sum(group).abs().compareTo(BigInteger.TEN.pow(precision))
                                            < 0;
                    case DataType.Int(_, var signed) ->
                            signed ? isNarrow(group) : highs.get(group) == 0;
                    default -> isNarrow(group);
                };
        if (!fits) throw SumAccumulator.overflow(name, as);
    }

    @Override
    public void close() {
        lows.close();
        highs.close();
        seen.close();
    }
}
