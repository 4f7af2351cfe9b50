package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// The smallest or the largest value of each group, of types that fit 64 bits; NaN is the greatest.
final class ExtremeAccumulator implements Accumulator {
    private final MemoryAccount account;
    private final DataType type;
    private final boolean max;
    private final Cells extremes;
    private final Seen seen;
    private final Batch states = new Batch();

    ExtremeAccumulator(DataType type, boolean max, MemoryAccount account) {
        this.account = account;
        this.type = type;
        this.max = max;
        this.extremes = new Cells(max ? Long.MIN_VALUE : Long.MAX_VALUE, account);
        this.seen = new Seen(account);
    }

    @Override
    public void grow(int groupCount) {
        extremes.grow(groupCount);
        seen.grow(groupCount);
    }

    @Override
    public void update(Batch batch) {
        seen.mark(batch);
        batch.read();
        Longs.toOrdered(type, batch.values, batch.count);
        if (max) largest(batch.values, batch.groups, batch.count, extremes.segment());
        else smallest(batch.values, batch.groups, batch.count, extremes.segment());
    }

    private static void smallest(long[] values, int[] groups, int rows, MemorySegment to) {
        for (int i = 0; i < rows; i++) {
            long at = groups[i] * 8L;
            to.set(Layouts.LONG, at, Math.min(to.get(Layouts.LONG, at), values[i]));
        }
    }

    private static void largest(long[] values, int[] groups, int rows, MemorySegment to) {
        for (int i = 0; i < rows; i++) {
            long at = groups[i] * 8L;
            to.set(Layouts.LONG, at, Math.max(to.get(Layouts.LONG, at), values[i]));
        }
    }

    @Override
    public void merge(List<Column> columns, int[] groups, int rows) {
        states.select(columns.getFirst(), null, groups, rows);
        update(states);
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
        try (var values = new Cells(0, account)) {
            values.grow(count);
            for (int i = 0; i < count; i++)
                values.set(i, Longs.fromOrdered(type, extremes.get(from + i)));
            return Longs.column(
                    type, values.segment(), 0, count, seen.validity(from, count), account);
        }
    }

    @Override
    public void close() {
        extremes.close();
        seen.close();
    }
}
