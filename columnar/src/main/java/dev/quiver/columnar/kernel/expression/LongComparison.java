package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Compares int64 values: a byte of 1 or 0 a row, for [PackedBits].
final class LongComparison {
    private LongComparison() {}

    static void less(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = left.get(Layouts.LONG, at);
            long b = right.get(Layouts.LONG, at);
            to.set(Layouts.BYTE, i, (byte) (a < b ? 1 : 0));
        }
    }

    static void lessConstant(MemorySegment left, long constant, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = left.get(Layouts.LONG, at);
            long b = constant;
            to.set(Layouts.BYTE, i, (byte) (a < b ? 1 : 0));
        }
    }

    static void constantLess(long constant, MemorySegment right, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = constant;
            long b = right.get(Layouts.LONG, at);
            to.set(Layouts.BYTE, i, (byte) (a < b ? 1 : 0));
        }
    }

    static void equal(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = left.get(Layouts.LONG, at);
            long b = right.get(Layouts.LONG, at);
            to.set(Layouts.BYTE, i, (byte) (a == b ? 1 : 0));
        }
    }

    static void equalConstant(MemorySegment left, long constant, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = left.get(Layouts.LONG, at);
            long b = constant;
            to.set(Layouts.BYTE, i, (byte) (a == b ? 1 : 0));
        }
    }
}
