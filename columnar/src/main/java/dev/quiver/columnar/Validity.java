package dev.quiver.columnar;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Which rows hold a value: one bit a row, 1 = value, the lowest bit of each byte first, as Arrow
/// has it. The bits behind the last row are undefined, and the buffer is a multiple of 8 bytes.
///
/// An absent bitmap (null) means that every row holds a value.
public final class Validity {
    private Validity() {}

    /// Bytes of a bitmap for `rows` rows: whole 64-bit words.
    public static long bytes(int rows) {
        return (((long) rows + 63) >> 6) << 3;
    }

    public static boolean isValid(@Nullable Buffer validity, int row) {
        return validity == null || get(validity.segment(), row);
    }

    public static boolean get(MemorySegment bits, int row) {
        return (bits.get(Layouts.BYTE, row >> 3) >> (row & 7) & 1) != 0;
    }

    /// Sets or clears one bit; not for concurrent use on one byte.
    public static void set(MemorySegment bits, int row, boolean value) {
        long at = row >> 3;
        int bit = 1 << (row & 7);
        int old = bits.get(Layouts.BYTE, at);
        bits.set(Layouts.BYTE, at, (byte) (value ? old | bit : old & ~bit));
    }

    /// Makes the first `rows` bits (rounded up to a word) all 1.
    public static void fill(MemorySegment bits, int rows) {
        bits.asSlice(0, bytes(rows)).fill((byte) -1);
    }

    /// The word that holds rows `64 * word …`, with the bits behind the last row cleared.
    public static long word(MemorySegment bits, int word, int rows) {
        long value = bits.get(Layouts.LONG, (long) word << 3);
        int left = rows - (word << 6);
        return left >= 64 ? value : value & (1L << left) - 1;
    }

    public static int countValid(@Nullable Buffer validity, int rows) {
        return validity == null ? rows : countOnes(validity.segment(), rows);
    }

    public static int countOnes(MemorySegment bits, int rows) {
        int ones = 0;
        int words = (rows + 63) >> 6;
        for (int i = 0; i < words; i++) ones += Long.bitCount(word(bits, i, rows));
        return ones;
    }
}
