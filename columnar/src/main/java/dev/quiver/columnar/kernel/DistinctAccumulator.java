package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import java.util.List;

/// How many distinct values each group has; only where one phase does all.
final class DistinctAccumulator implements Accumulator {
    private final MemoryAccount account;
    private final GroupTable pairs;
    private final Cells counts;
    private int[] numbers = new int[0];

    DistinctAccumulator(DataType type, MemoryAccount account) {
        this.account = account;
        this.pairs = new GroupTable(List.of(DataType.INT32, type), false, account);
        this.counts = new Cells(0, account);
    }

    @Override
    public void grow(int groupCount) {
        counts.grow(groupCount);
    }

    @Override
    public void update(Batch batch) {
        Column input = batch.input();
        int rows = input.rows();
        if (numbers.length < rows) numbers = new int[rows];
        int before = pairs.groupCount();
        try (Column groups = groupColumn(batch, rows)) {
            pairs.assign(List.of(groups, input), rows, numbers);
        }
        // A pair that got the next new number is seen for the first time.
        int next = before;
        for (int i = 0; i < batch.count; i++) {
            if (numbers[batch.rows[i]] != next) continue;
            counts.set(batch.groups[i], counts.get(batch.groups[i]) + 1);
            next++;
        }
    }

    /// The group of each row, null where the row isn't selected.
    private Column groupColumn(Batch batch, int rows) {
        Buffer values = account.allocate(rows * 4L);
        if (batch.complete) {
            for (int i = 0; i < rows; i++)
                values.segment().set(Layouts.INT, i * 4L, batch.groups[i]);
            return new FixedColumn(DataType.INT32, rows, values, null);
        }
        Buffer valid = account.allocateZeroed(Validity.bytes(rows));
        for (int i = 0; i < batch.count; i++) {
            values.segment().set(Layouts.INT, batch.rows[i] * 4L, batch.groups[i]);
            Validity.set(valid.segment(), batch.rows[i], true);
        }
        return new FixedColumn(DataType.INT32, rows, values, valid);
    }

    @Override
    public void merge(List<Column> states, int[] groups, int rows) {
        throw new IllegalStateException("distinct values in two phases");
    }

    @Override
    public List<DataType> stateTypes() {
        throw new IllegalStateException("distinct values in two phases");
    }

    @Override
    public List<Column> states(int from, int count) {
        throw new IllegalStateException("distinct values in two phases");
    }

    @Override
    public Column result(int from, int count) {
        return Longs.column(DataType.INT64, counts.segment(), from, count, null, account);
    }

    @Override
    public void close() {
        pairs.close();
        counts.close();
    }
}
