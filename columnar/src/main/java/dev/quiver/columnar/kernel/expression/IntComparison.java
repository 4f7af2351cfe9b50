package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Compares int32 values: a byte of 1 or 0 a row, for [PackedBits].
final class IntComparison {
    private IntComparison() {}

    static void less(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 2;
            int a = left.get(Layouts.INT, at);
            int b = right.get(Layouts.INT, at);
            to.set(Layouts.BYTE, i, (byte) (a < b ? 1 : 0));
        }
    }

    static void lessConstant(MemorySegment left, int constant, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 2;
            int a = left.get(Layouts.INT, at);
            int b = constant;
            to.set(Layouts.BYTE, i, (byte) (a < b ? 1 : 0));
        }
    }

    static void constantLess(int constant, MemorySegment right, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 2;
            int a = constant;
            int b = right.get(Layouts.INT, at);
            to.set(Layouts.BYTE, i, (byte) (a < b ? 1 : 0));
        }
    }

    static void equal(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 2;
            int a = left.get(Layouts.INT, at);
            int b = right.get(Layouts.INT, at);
            to.set(Layouts.BYTE, i, (byte) (a == b ? 1 : 0));
        }
    }

    static void equalConstant(MemorySegment left, int constant, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 2;
            int a = left.get(Layouts.INT, at);
            int b = constant;
            to.set(Layouts.BYTE, i, (byte) (a == b ? 1 : 0));
        }
    }
}
