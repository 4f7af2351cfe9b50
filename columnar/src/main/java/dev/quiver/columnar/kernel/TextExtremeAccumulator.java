package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import java.util.List;

/// The smallest or the largest value of each group, of texts, byte strings and 128-bit decimals.
final class TextExtremeAccumulator implements Accumulator {
    private final MemoryAccount account;
    private final DataType type;
    private final int sign;
    private final KeyColumn key;
    private final Cells extremes;
    private final Batch states = new Batch();
    private final long[] one = new long[1];

    TextExtremeAccumulator(DataType type, boolean max, MemoryAccount account) {
        this.account = account;
        this.type = type;
        this.sign = max ? -1 : 1;
        this.key = new KeyColumn(type, account);
        this.extremes = new Cells(-1, account);
    }

    @Override
    public void grow(int groupCount) {
        extremes.grow(groupCount);
    }

    @Override
    public void update(Batch batch) {
        if (batch.input() instanceof VariableColumn plain) {
            updatePlain(plain, batch);
            return;
        }
        batch.read(key);
        for (int i = 0; i < batch.count; i++) {
            int group = batch.groups[i];
            int best = (int) extremes.get(group);
            int value = (int) batch.values[i];
            if (value == best) continue;
            if (best < 0 || key.compare(value, best) * sign < 0) extremes.set(group, value);
        }
    }

    /// Only values that win get a number.
    private void updatePlain(VariableColumn plain, Batch batch) {
        for (int i = 0; i < batch.count; i++) {
            int group = batch.groups[i];
            int best = (int) extremes.get(group);
            if (best >= 0 && key.compare(plain, batch.rows[i], best) * sign >= 0) continue;
            key.readOne(plain, batch.rows[i], one);
            extremes.set(group, one[0]);
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
        Buffer validity = account.allocateZeroed(Validity.bytes(count));
        for (int i = 0; i < count; i++)
            if (extremes.get(from + i) >= 0) Validity.set(validity.segment(), i, true);
        return key.column(extremes.segment(), from, count, validity);
    }

    @Override
    public void close() {
        key.close();
        extremes.close();
    }
}
