package dev.quiver.columnar.kernel;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The rows of one chunk that an aggregate takes in: those that its filter lets through and whose
/// input isn't null.
///
/// Scratch space of one thread, filled anew for each aggregate and chunk.
final class Batch {
    /// Group of each selected row.
    int[] groups = new int[0];

    /// Row number of each selected row.
    int[] rows = new int[0];

    /// Value of each selected row, where the input's type is one that [Longs] reads.
    long[] values = new long[0];

    /// How many rows are selected.
    int count;

    /// Whether all rows of the chunk are selected.
    boolean complete;

    private int[] keptGroups = new int[0];
    private int[] keptRows = new int[0];
    private int[] all = new int[0];
    private @Nullable Column input;

    /// @param input null where rows are counted
    /// @param filter rows for which it isn't true are left out
    /// @param chunkGroups the group of each of the chunk's `rowCount` rows
    void select(
            @Nullable Column input, @Nullable BoolColumn filter, int[] chunkGroups, int rowCount) {
        this.input = input;
        makeRoom(rowCount);
        boolean nulls = input != null && input.nullCount() > 0;
        complete = !nulls && filter == null;
        if (complete) {
            groups = chunkGroups;
            rows = all;
            count = rowCount;
        } else {
            groups = keptGroups;
            rows = keptRows;
            count = compact(nulls ? input : null, filter, chunkGroups, rowCount);
        }
    }

    private void makeRoom(int rowCount) {
        if (keptRows.length >= rowCount) return;
        keptRows = new int[rowCount];
        keptGroups = new int[rowCount];
        values = new long[rowCount];
        all = new int[rowCount];
        for (int i = 0; i < rowCount; i++) all[i] = i;
    }

    private int compact(
            @Nullable Column nullable, @Nullable BoolColumn filter, int[] from, int rowCount) {
        Buffer valid = nullable == null ? null : nullable.validity();
        Buffer filterValid = filter == null ? null : filter.validity();
        int kept = 0;
        for (int base = 0; base < rowCount; base += 64) {
            long word = rowCount - base >= 64 ? -1L : (1L << rowCount - base) - 1;
            if (valid != null) word &= Validity.word(valid.segment(), base >> 6, rowCount);
            if (filter != null) word &= Validity.word(filter.values(), base >> 6, rowCount);
            if (filterValid != null)
                word &= Validity.word(filterValid.segment(), base >> 6, rowCount);
            for (; word != 0; word &= word - 1) {
                int row = base + Long.numberOfTrailingZeros(word);
                keptRows[kept] = row;
                keptGroups[kept++] = from[row];
            }
        }
        return kept;
    }

    Column input() {
        return Objects.requireNonNull(input);
    }

    /// Reads the values of the selected rows.
    void read() {
        Column column = input();
        Longs.read(column, 0, column.rows(), values);
        gather();
    }

    /// As [#read], with the numbers that `key` gives to values.
    void read(KeyColumn key) {
        key.read(input(), values);
        gather();
    }

    private void gather() {
        if (complete) return;
        // Rows ascend, so no value is overwritten before it is read.
        for (int i = 0; i < count; i++) values[i] = values[rows[i]];
    }
}
