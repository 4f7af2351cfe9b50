package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Compares float64 values, NaN equal to itself and greatest, 64 to a word of bits; `flip` of all
/// ones asks for the opposite.
final class DoubleComparison {
    private DoubleComparison() {}

    static void less(
            MemorySegment left, MemorySegment right, long flip, MemorySegment to, int rows) {
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            int count = Math.min(64, rows - base);
            for (int i = 0; i < count; i++) {
                long at = (long) (base + i) << 3;
                double a = left.get(Layouts.DOUBLE, at);
                double b = right.get(Layouts.DOUBLE, at);
                word |= (!(a >= b) && !Double.isNaN(a) ? 1L : 0L) << i;
            }
            to.set(Layouts.LONG, base >> 3, word ^ flip);
        }
    }

    static void lessConstant(
            MemorySegment left, double constant, long flip, MemorySegment to, int rows) {
        if (Double.isNaN(constant)) {
            nans(left, ~flip, to, rows);
            return;
        }
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            int count = Math.min(64, rows - base);
            for (int i = 0; i < count; i++) {
                long at = (long) (base + i) << 3;
                double a = left.get(Layouts.DOUBLE, at);
                double b = constant;
                word |= (a < b ? 1L : 0L) << i;
            }
            to.set(Layouts.LONG, base >> 3, word ^ flip);
        }
    }

    static void constantLess(
            double constant, MemorySegment right, long flip, MemorySegment to, int rows) {
        if (Double.isNaN(constant)) {
            Constants.fill(flip, 8, to, (rows + 63) >> 6);
            return;
        }
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            int count = Math.min(64, rows - base);
            for (int i = 0; i < count; i++) {
                long at = (long) (base + i) << 3;
                double a = constant;
                double b = right.get(Layouts.DOUBLE, at);
                word |= (!(a >= b) ? 1L : 0L) << i;
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
                double a = left.get(Layouts.DOUBLE, at);
                double b = right.get(Layouts.DOUBLE, at);
                word |= (a == b || (Double.isNaN(a) && Double.isNaN(b)) ? 1L : 0L) << i;
            }
            to.set(Layouts.LONG, base >> 3, word ^ flip);
        }
    }

    static void equalConstant(
            MemorySegment left, double constant, long flip, MemorySegment to, int rows) {
        if (Double.isNaN(constant)) {
            nans(left, flip, to, rows);
            return;
        }
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            int count = Math.min(64, rows - base);
            for (int i = 0; i < count; i++) {
                long at = (long) (base + i) << 3;
                double a = left.get(Layouts.DOUBLE, at);
                double b = constant;
                word |= (a == b ? 1L : 0L) << i;
            }
            to.set(Layouts.LONG, base >> 3, word ^ flip);
        }
    }

    static void nans(MemorySegment values, long flip, MemorySegment to, int rows) {
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            int count = Math.min(64, rows - base);
            for (int i = 0; i < count; i++) {
                double value = values.get(Layouts.DOUBLE, (long) (base + i) << 3);
                word |= (Double.isNaN(value) ? 1L : 0L) << i;
            }
            to.set(Layouts.LONG, base >> 3, word ^ flip);
        }
    }
}
