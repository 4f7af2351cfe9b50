package dev.quiver.columnar.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// 128-bit integers in memory, low word first.
final class WideNumbers {
    private WideNumbers() {}

    static int compare(MemorySegment a, long aAt, MemorySegment b, long bAt) {
        int high = Long.compare(a.get(Layouts.LONG, aAt + 8), b.get(Layouts.LONG, bAt + 8));
        if (high != 0) return high;
        return Long.compareUnsigned(a.get(Layouts.LONG, aAt), b.get(Layouts.LONG, bAt));
    }
}
