package dev.quiver.io.parquet.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Ranges of bits that begin anywhere, in bitmaps laid out as `Validity` says.
///
/// Writers change whole 64-bit words, so a bitmap is a multiple of 8 bytes; reading a range needs
/// 16 readable bytes behind it.
public final class BitRange {
    private BitRange() {}

    /// Makes bits `[from, from + count)` all `value`.
    public static void fill(MemorySegment bits, long from, int count, boolean value) {
        long at = from;
        int left = count;
        while (left > 0) {
            int inWord = (int) (at & 63);
            int take = Math.min(64 - inWord, left);
            merge(bits, at, take, value ? -1L : 0L);
            at += take;
            left -= take;
        }
    }

    /// Copies `count` bits.
    public static void copy(
            MemorySegment source, long sourceBit, MemorySegment target, long targetBit, int count) {
        long from = sourceBit;
        long to = targetBit;
        int left = count;
        while (left > 0) {
            int take = Math.min(64 - (int) (to & 63), left);
            merge(target, to, take, load(source, from));
            from += take;
            to += take;
            left -= take;
        }
    }

    /// How many of the bits `[from, from + count)` are 1.
    public static int countOnes(MemorySegment bits, long from, int count) {
        long at = from;
        int left = count;
        int ones = 0;
        while (left > 0) {
            int inWord = (int) (at & 63);
            int take = Math.min(64 - inWord, left);
            long word = bits.get(Layouts.LONG, at >>> 6 << 3) >>> inWord;
            ones += Long.bitCount(word & mask(take));
            at += take;
            left -= take;
        }
        return ones;
    }

    /// The 64 bits from `bit` on.
    static long load(MemorySegment source, long bit) {
        long at = bit >>> 3;
        int shift = (int) (bit & 7);
        long low = source.get(Layouts.LONG, at) >>> shift;
        if (shift == 0) return low;
        return low | (source.get(Layouts.BYTE, at + 8) & 0xFFL) << (64 - shift);
    }

    private static void merge(MemorySegment bits, long at, int take, long value) {
        int inWord = (int) (at & 63);
        long offset = at >>> 6 << 3;
        long mask = mask(take) << inWord;
        long old = bits.get(Layouts.LONG, offset);
        bits.set(Layouts.LONG, offset, (old & ~mask) | ((value << inWord) & mask));
    }

    private static long mask(int take) {
        return take == 64 ? -1L : (1L << take) - 1;
    }
}
