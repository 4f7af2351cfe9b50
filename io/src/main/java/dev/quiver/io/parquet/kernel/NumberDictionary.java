package dev.quiver.io.parquet.kernel;

import dev.quiver.columnar.Hashing;
import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Distinct values of 4 or 8 bytes in the order of arrival, by their bits.
///
/// While they lie close together, as dates and small numbers do, a table has the code of each value
/// between the least and the greatest; else they are found by their hashes.
public final class NumberDictionary {
    /// Values it holds at most.
    public static final int SIZE_MAX = 1 << 14;

    /// So many numbers may lie between the least and the greatest value for a table.
    private static final int SPAN_MAX = 1 << 16;

    private static final int SIZE_FIRST = 128;

    private long[] values = new long[SIZE_FIRST];
    private int size;

    /// A value's code + 1, by its distance from `base`; 0 for none. Null once they lie too far
    /// apart.
    private int @Nullable [] near = new int[0];

    private long base;
    private long least = Long.MAX_VALUE;
    private long greatest = Long.MIN_VALUE;

    /// Codes + 1 by hash, when there is no table.
    private int[] slots = new int[0];

    public int size() {
        return size;
    }

    /// Writes the codes of `count` values, int32 each, to `offset`.
    ///
    /// @return how many; fewer than `count` when the dictionary is full
    public int encode(
            MemorySegment data, long from, int width, int count, MemorySegment out, long offset) {
        int done = near == null ? 0 : encodeNear(near, data, from, width, count, out, offset);
        if (near != null) return done;
        for (int i = done; i < count; i++) {
            long value = value(data, from, width, i);
            int slot = slotOf(value);
            int code = slots[slot] - 1;
            if (code < 0) {
                if (size == SIZE_MAX) return i;
                code = addHashed(slot, value);
            }
            out.set(Layouts.INT, offset + i * 4L, code);
        }
        return count;
    }

    private static long value(MemorySegment data, long from, int width, int index) {
        return width == 4
                ? data.get(Layouts.INT, from + index * 4L)
                : data.get(Layouts.LONG, from + index * 8L);
    }

    /// @return how many codes were written; fewer when the dictionary is full or the next value is
    ///   too far from the others
    private int encodeNear(
            int[] table,
            MemorySegment data,
            long from,
            int width,
            int count,
            MemorySegment out,
            long offset) {
        int[] codes = table;
        long first = base;
        for (int i = 0; i < count; i++) {
            long value = value(data, from, width, i);
            long distance = value - first;
            int code = distance >= 0 && distance < codes.length ? codes[(int) distance] - 1 : -1;
            if (code < 0) {
                if (size == SIZE_MAX) return i;
                addNear(codes, value);
                if (near == null) return i;
                codes = near;
                first = base;
                code = size - 1;
            }
            out.set(Layouts.INT, offset + i * 4L, code);
        }
        return count;
    }

    /// Adds a value to the table, or gives the table up.
    private void addNear(int[] table, long value) {
        long low = Math.min(least, value);
        long high = Math.max(greatest, value);
        long span = high - low + 1;
        if (span <= 0 || span > SPAN_MAX) {
            near = null;
            hashAll(values.length * 2);
            return;
        }
        least = low;
        greatest = high;
        addValue(value);
        long distance = value - base;
        if (distance >= 0 && distance < table.length) {
            table[(int) distance] = size;
            return;
        }
        // At least a quarter of the span stays free on either side, so that this is rare.
        near = new int[Integer.highestOneBit((int) span * 3 / 2) << 1];
        base = low - (near.length - span) / 2;
        for (int i = 0; i < size; i++) near[(int) (values[i] - base)] = i + 1;
    }

    private int slotOf(long value) {
        int mask = slots.length - 1;
        int slot = (int) (Hashing.mix(value) >>> 32) & mask;
        while (slots[slot] != 0 && values[slots[slot] - 1] != value) slot = slot + 1 & mask;
        return slot;
    }

    private int addHashed(int slot, long value) {
        addValue(value);
        slots[slot] = size;
        if (size * 2 >= slots.length) hashAll(slots.length * 2);
        return size - 1;
    }

    private void addValue(long value) {
        if (size == values.length) values = Arrays.copyOf(values, size * 2);
        values[size++] = value;
    }

    private void hashAll(int length) {
        slots = new int[length];
        for (int i = 0; i < size; i++) slots[slotOf(values[i])] = i + 1;
    }

    /// The values end to end.
    public byte[] bytes(int width) {
        var buffer = ByteBuffer.allocate(size * width).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            if (width == 4) buffer.putInt((int) values[i]);
            else buffer.putLong(values[i]);
        }
        return buffer.array();
    }
}
