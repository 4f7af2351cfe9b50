package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Compares float64 values, NaN equal to itself and greatest: a byte of 1 or 0 a row, for
/// [PackedBits].
final class DoubleComparison {
    private DoubleComparison() {}

    static void less(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            double a = left.get(Layouts.DOUBLE, at);
            double b = right.get(Layouts.DOUBLE, at);
            to.set(Layouts.BYTE, i, (byte) (!(a >= b) && !Double.isNaN(a) ? 1 : 0));
        }
    }

    static void lessConstant(MemorySegment left, double constant, MemorySegment to, int rows) {
        if (Double.isNaN(constant)) {
            nans(left, (byte) 0, to, rows);
            return;
        }
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            double a = left.get(Layouts.DOUBLE, at);
            double b = constant;
            to.set(Layouts.BYTE, i, (byte) (a < b ? 1 : 0));
        }
    }

    static void constantLess(double constant, MemorySegment right, MemorySegment to, int rows) {
        if (Double.isNaN(constant)) {
            Constants.fill(0, 1, to, rows);
            return;
        }
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            double a = constant;
            double b = right.get(Layouts.DOUBLE, at);
            to.set(Layouts.BYTE, i, (byte) (!(a >= b) ? 1 : 0));
        }
    }

    static void equal(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            double a = left.get(Layouts.DOUBLE, at);
            double b = right.get(Layouts.DOUBLE, at);
            to.set(
                    Layouts.BYTE,
                    i,
                    (byte) (a == b || (Double.isNaN(a) && Double.isNaN(b)) ? 1 : 0));
        }
    }

    static void equalConstant(MemorySegment left, double constant, MemorySegment to, int rows) {
        if (Double.isNaN(constant)) {
            nans(left, (byte) 1, to, rows);
            return;
        }
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            double a = left.get(Layouts.DOUBLE, at);
            double b = constant;
            to.set(Layouts.BYTE, i, (byte) (a == b ? 1 : 0));
        }
    }

    /// @param whenNan what NaN becomes; the others become the opposite
    static void nans(MemorySegment values, byte whenNan, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            boolean nan = Double.isNaN(values.get(Layouts.DOUBLE, (long) i << 3));
            to.set(Layouts.BYTE, i, (byte) (nan ? whenNan : 1 - whenNan));
        }
    }
}
