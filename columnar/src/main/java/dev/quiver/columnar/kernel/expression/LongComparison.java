package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Compares int64 values, 64 to a word of bits; `flip` of all ones asks for the opposite.
final class LongComparison {
    private LongComparison() {}

    static void less(
            MemorySegment left, MemorySegment right, long flip, MemorySegment to, int rows) {
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            int count = Math.min(64, rows - base);
            for (int i = 0; i < count; i++) {
                long at = (long) (base + i) << 3;
                long a = left.get(Layouts.LONG, at);
                long b = right.get(Layouts.LONG, at);
                word |= (a < b ? 1L : 0L) << i;
            }
            to.set(Layouts.LONG, base >> 3, word ^ flip);
        }
    }

    static void lessConstant(
            MemorySegment left, long constant, long flip, MemorySegment to, int rows) {
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            int count = Math.min(64, rows - base);
            for (int i = 0; i < count; i++) {
                long at = (long) (base + i) << 3;
                long a = left.get(Layouts.LONG, at);
                long b = constant;
                word |= (a < b ? 1L : 0L) << i;
            }
            to.set(Layouts.LONG, base >> 3, word ^ flip);
        }
    }

    static void constantLess(
            long constant, MemorySegment right, long flip, MemorySegment to, int rows) {
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            int count = Math.min(64, rows - base);
            for (int i = 0; i < count; i++) {
                long at = (long) (base + i) << 3;
                long a = constant;
                long b = right.get(Layouts.LONG, at);
                word |= (a < b ? 1L : 0L) << i;
            }
            to.set(Layouts.LONG, base >> 3, word ^ flip);
        }
    }

    static void equal(
            MemorySegment left, MemorySegment right, long flip, MemorySegment to, int rows) {
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            int count = Math.min(64, rows - base);
            for (int i = 0; i < count; i++) {
                long at = (long) (base + i) << 3;
                long a = left.get(Layouts.LONG, at);
                long b = right.get(Layouts.LONG, at);
                word |= (a == b ? 1L : 0L) << i;
            }
            to.set(Layouts.LONG, base >> 3, word ^ flip);
        }
    }

    static void equalConstant(
            MemorySegment left, long constant, long flip, MemorySegment to, int rows) {
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            int count = Math.min(64, rows - base);
            for (int i = 0; i < count; i++) {
                long at = (long) (base + i) << 3;
                long a = left.get(Layouts.LONG, at);
                long b = constant;
                word |= (a == b ? 1L : 0L) << i;
            }
            to.set(Layouts.LONG, base >> 3, word ^ flip);
        }
    }
}
