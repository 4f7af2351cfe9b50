package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// How many rows, or values that aren't null, each group has.
final class CountAccumulator implements Accumulator {
    private final MemoryAccount account;
    private final Cells counts;
    private long[] partials = new long[0];

    CountAccumulator(MemoryAccount account) {
        this.account = account;
        this.counts = new Cells(0, account);
    }

    @Override
    public void grow(int groupCount) {
        counts.grow(groupCount);
    }

    @Override
    public void update(Batch batch) {
        count(batch.groups, batch.count, counts.segment());
    }

    private static void count(int[] groups, int rows, MemorySegment to) {
        for (int i = 0; i < rows; i++) {
            long at = groups[i] * 8L;
            to.set(Layouts.LONG, at, to.get(Layouts.LONG, at) + 1);
        }
    }

    @Override
    public void merge(List<Column> states, int[] groups, int rows) {
        if (partials.length < rows) partials = new long[rows];
        Longs.read(states.getFirst(), 0, rows, partials);
        MemorySegment to = counts.segment();
        for (int i = 0; i < rows; i++) {
            long at = groups[i] * 8L;
            to.set(Layouts.LONG, at, to.get(Layouts.LONG, at) + partials[i]);
        }
    }

    long count(int group) {
        return counts.get(group);
    }

    @Override
    public List<DataType> stateTypes() {
        return List.of(DataType.INT64);
    }

    @Override
    public List<Column> states(int from, int count) {
        return List.of(result(from, count));
    }

    @Override
    public Column result(int from, int count) {
        return Longs.column(DataType.INT64, counts.segment(), from, count, null, account);
    }

    @Override
    public void close() {
        counts.close();
    }
}
