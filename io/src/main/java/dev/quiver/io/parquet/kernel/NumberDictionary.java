package dev.quiver.io.parquet.kernel;

import dev.quiver.columnar.Hashing;
import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Distinct values of 4 or 8 bytes in the order of arrival, by their bits.
public final class NumberDictionary {
    /// Values it holds at most.
    public static final int SIZE_MAX = 1 << 14;

    private static final int SLOTS_FIRST = 256;

    private long[] values = new long[SLOTS_FIRST / 2];
    private int[] slots = new int[SLOTS_FIRST];
    private int size;

    public int size() {
        return size;
    }

    /// Writes the codes of `count` values, int32 each, to `offset`.
    ///
    /// @return how many; fewer than `count` when the dictionary is full
    public int encode(
            MemorySegment data, long from, int width, int count, MemorySegment out, long offset) {
        for (int i = 0; i < count; i++) {
            long value =
                    width == 4
                            ? data.get(Layouts.INT, from + i * 4L)
                            : data.get(Layouts.LONG, from + i * 8L);
            int slot = slotOf(value);
            int code = slots[slot] - 1;
            if (code < 0) {
                if (size == SIZE_MAX) return i;
                code = add(slot, value);
            }
            out.set(Layouts.INT, offset + i * 4L, code);
        }
        return count;
    }

    private int slotOf(long value) {
        int mask = slots.length - 1;
        int slot = (int) (Hashing.mix(value) >>> 32) & mask;
        while (slots[slot] != 0 && values[slots[slot] - 1] != value) slot = slot + 1 & mask;
        return slot;
    }

    private int add(int slot, long value) {
        int code = size++;
        slots[slot] = code + 1;
        values[code] = value;
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
            slots = new int[size * 4];
            for (int i = 0; i < size; i++) slots[slotOf(values[i])] = i + 1;
        }
        return code;
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
