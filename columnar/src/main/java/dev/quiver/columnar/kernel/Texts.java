package dev.quiver.columnar.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Comparing byte strings in padded memory: eight bytes behind each must be readable.
final class Texts {
    private Texts() {}

    static boolean equal(MemorySegment a, long aAt, MemorySegment b, long bAt, int length) {
        int at = 0;
        for (; at + 8 <= length; at += 8)
            if (a.get(Layouts.LONG, aAt + at) != b.get(Layouts.LONG, bAt + at)) return false;
        if (at == length) return true;
        long difference = a.get(Layouts.LONG, aAt + at) ^ b.get(Layouts.LONG, bAt + at);
        return difference << (8 - (length - at) << 3) == 0;
    }

    /// The order of UTF-8 bytes, which is that of code points: negative, zero or positive.
    static int compare(
            MemorySegment a, long aAt, int aLength, MemorySegment b, long bAt, int bLength) {
        int common = Math.min(aLength, bLength);
        int at = 0;
        for (; at + 8 <= common; at += 8) {
            long x = a.get(Layouts.LONG, aAt + at);
            long y = b.get(Layouts.LONG, bAt + at);
            if (x != y) return Long.compareUnsigned(Long.reverseBytes(x), Long.reverseBytes(y));
        }
        int left = common - at;
        if (left > 0) {
            long mask = -1L << (8 - left << 3);
            long x = Long.reverseBytes(a.get(Layouts.LONG, aAt + at)) & mask;
            long y = Long.reverseBytes(b.get(Layouts.LONG, bAt + at)) & mask;
            if (x != y) return Long.compareUnsigned(x, y);
        }
        return Integer.compare(aLength, bLength);
    }
}
