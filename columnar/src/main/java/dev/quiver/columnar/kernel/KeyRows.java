package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.Hashing;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The key values of one chunk's rows, as longs: the scratch space of one thread that looks rows up
/// in a [GroupTable].
public final class KeyRows {
    final long[][] values;
    final @Nullable MemorySegment[] valid;
    long[] packed = new long[0];
    int count;

    /// What [#range] found.
    long min;

    long max;

    /// @param keyCount how many keys the table has
    public KeyRows(int keyCount) {
        this.values = new long[keyCount][];
        this.valid = new @Nullable MemorySegment[keyCount];
        Arrays.fill(values, packed);
    }

    void load(List<Column> columns, int rowCount) {
        count = rowCount;
        if (packed.length < rowCount) packed = new long[rowCount];
        for (int k = 0; k < values.length; k++) {
            if (values[k].length < rowCount) values[k] = new long[rowCount];
            Buffer validity = columns.get(k).nullCount() == 0 ? null : columns.get(k).validity();
            valid[k] = validity == null ? null : validity.segment();
        }
    }

    boolean anyNull() {
        for (MemorySegment bits : valid) if (bits != null) return true;
        return false;
    }

    /// Whether any key of the row is null.
    boolean isNull(int row) {
        for (MemorySegment bits : valid) if (bits != null && !Validity.get(bits, row)) return true;
        return false;
    }

    /// Finds the smallest and the largest value of a key; false when all are null.
    boolean range(int k) {
        long low = Long.MAX_VALUE;
        long high = Long.MIN_VALUE;
        long[] from = values[k];
        MemorySegment bits = valid[k];
        if (bits == null) {
            for (int i = 0; i < count; i++) {
                low = Math.min(low, from[i]);
                high = Math.max(high, from[i]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                if (!Validity.get(bits, i)) continue;
                low = Math.min(low, from[i]);
                high = Math.max(high, from[i]);
            }
        }
        min = low;
        max = high;
        return low <= high;
    }

    /// Puts the hash of each row's longs into `packed`.
    void hash() {
        Arrays.fill(packed, 0, count, Hashing.NULL);
        for (int k = 0; k < values.length; k++) {
            long[] from = values[k];
            MemorySegment bits = valid[k];
            for (int i = 0; i < count; i++) {
                boolean known = bits == null || Validity.get(bits, i);
                packed[i] = Hashing.combine(packed[i], known ? from[i] : Hashing.NULL);
            }
        }
    }
}
