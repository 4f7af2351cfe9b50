package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import java.util.List;

/// The first or the last value of each group that isn't null, in the order of arrival.
final class EdgeAccumulator implements Accumulator {
    private final MemoryAccount account;
    private final DataType type;
    private final boolean last;
    private final KeyColumn key;
    private final Cells values;
    private final Cells has;
    private final Batch states = new Batch();

    EdgeAccumulator(DataType type, boolean last, MemoryAccount account) {
        this.account = account;
        this.type = type;
        this.last = last;
        this.key = new KeyColumn(type, account);
        this.values = new Cells(0, account);
        this.has = new Cells(0, account);
    }

    @Override
    public void grow(int groupCount) {
        values.grow(groupCount);
        has.grow(groupCount);
    }

    @Override
    public void update(Batch batch) {
        if (key.isNumbered()) batch.read(key);
        else batch.read();
        for (int i = 0; i < batch.count; i++) {
            int group = batch.groups[i];
            if (!last && has.get(group) != 0) continue;
            values.set(group, batch.values[i]);
            has.set(group, 1);
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
            if (has.get(from + i) != 0) Validity.set(validity.segment(), i, true);
        return key.column(values.segment(), from, count, validity);
    }

    @Override
    public void close() {
        key.close();
        values.close();
        has.close();
    }
}
