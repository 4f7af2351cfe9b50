package dev.quiver.io.parquet.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Writes Parquet's hybrid of run-length encoding and bit-packing.
public final class HybridEncoder {
    /// From so many equal values on a run is shorter than packed bits.
    private static final int RUN_MIN = 16;

    private static final int GROUP = 8;

    /// Groups of eight values in one packed run.
    private static final int GROUPS_MAX = 1 << 20;

    private HybridEncoder() {}

    /// Bits that hold `0 … max`.
    public static int width(int max) {
        return 32 - Integer.numberOfLeadingZeros(max);
    }

    /// The most bytes that `count` values of `width` bits take.
    public static long bytesMax(int count, int width) {
        return (count / 8 + 2L) * (width + 1) + 16L * (count / RUN_MIN + 1) + 16;
    }

    /// Writes `count` int32 values of `width` bits from `offset` on.
    ///
    /// @param out with room for [#bytesMax]
    /// @return where it ended
    public static long write(
            MemorySegment values, int count, int width, MemorySegment out, long offset) {
        long at = offset;
        int from = 0;
        int index = 0;
        while (index < count) {
            if (!isEqual(values, index, count)) {
                index += GROUP;
                continue;
            }
            int run = run(values, index, count);
            if (run < RUN_MIN) {
                index += GROUP;
                continue;
            }
            at = packed(values, from, index - from, width, out, at);
            at = repeated(values.get(Layouts.INT, index * 4L), run, width, out, at);
            index += run;
            from = index;
        }
        return packed(values, from, count - from, width, out, at);
    }

    /// Whether a group has eight equal values. Packed runs hold whole groups, so a repeated one
    /// begins where a group does.
    private static boolean isEqual(MemorySegment values, int from, int count) {
        if (count - from < GROUP) return false;
        long at = from * 4L;
        long pair = values.get(Layouts.LONG, at);
        return (int) pair == (int) (pair >>> 32)
                && pair == values.get(Layouts.LONG, at + 8)
                && pair == values.get(Layouts.LONG, at + 16)
                && pair == values.get(Layouts.LONG, at + 24);
    }

    private static int run(MemorySegment values, int from, int count) {
        int value = values.get(Layouts.INT, from * 4L);
        int index = from + GROUP;
        while (index < count && values.get(Layouts.INT, index * 4L) == value) index++;
        return index - from;
    }

    private static long repeated(int value, int count, int width, MemorySegment out, long offset) {
        long at = varint((long) count << 1, out, offset);
        for (int shift = 0; shift < width; shift += 8)
            out.set(Layouts.BYTE, at++, (byte) (value >>> shift));
        return at;
    }

    private static long packed(
            MemorySegment values, int from, int count, int width, MemorySegment out, long offset) {
        long at = offset;
        int index = from;
        int left = count;
        while (left > 0) {
            int groups = Math.min((left + 7) >>> 3, GROUPS_MAX);
            at = varint((long) groups << 1 | 1, out, at);
            int take = Math.min(left, groups << 3);
            pack(values, index, take, width, out, at);
            at += (long) groups * width;
            index += take;
            left -= take;
        }
        return at;
    }

    /// Packs values and fills the last group with zeros.
    private static void pack(
            MemorySegment values, int from, int count, int width, MemorySegment out, long offset) {
        long at = offset;
        long pending = 0;
        int bits = 0;
        // Of what is stored, whole bytes count; the bits behind them are stored again.
        for (int i = 0; i < count; i++) {
            pending |= (values.get(Layouts.INT, (from + i) * 4L) & 0xFFFF_FFFFL) << bits;
            bits += width;
            out.set(Layouts.LONG, at, pending);
            at += bits >>> 3;
            pending >>>= bits & ~7;
            bits &= 7;
        }
        long end = offset + ((count + 7L) >>> 3) * width;
        while (at < end) {
            out.set(Layouts.BYTE, at++, (byte) pending);
            pending = 0;
        }
    }

    /// Writes bits as values of width 1, from bit 0 on.
    ///
    /// @param bits with 16 readable bytes behind them
    /// @param out with room for `count / 8 + 32` bytes
    public static long writeBits(
            MemorySegment bits, int count, int ones, MemorySegment out, long offset) {
        if (ones == count || ones == 0) return repeated(ones == 0 ? 0 : 1, count, 1, out, offset);
        int groups = (count + 7) >>> 3;
        long at = varint((long) groups << 1 | 1, out, offset);
        MemorySegment.copy(bits, 0, out, at, groups);
        int last = count & 7;
        if (last != 0) {
            long end = at + groups - 1;
            out.set(Layouts.BYTE, end, (byte) (out.get(Layouts.BYTE, end) & (1 << last) - 1));
        }
        return at + groups;
    }

    private static long varint(long value, MemorySegment out, long offset) {
        long at = offset;
        long left = value;
        while (left > 127) {
            out.set(Layouts.BYTE, at++, (byte) (left | 128));
            left >>>= 7;
        }
        out.set(Layouts.BYTE, at++, (byte) left);
        return at;
    }
}
