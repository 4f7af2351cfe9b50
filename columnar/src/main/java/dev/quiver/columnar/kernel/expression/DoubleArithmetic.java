package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Loops over float64 values.
final class DoubleArithmetic {
    private DoubleArithmetic() {}

    static void add(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            double a = left.get(Layouts.DOUBLE, at);
            double b = right.get(Layouts.DOUBLE, at);
            double r = a + b;
            to.set(Layouts.DOUBLE, at, r);
        }
    }

    static void addConstant(MemorySegment left, double constant, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            double a = left.get(Layouts.DOUBLE, at);
            double b = constant;
            double r = a + b;
            to.set(Layouts.DOUBLE, at, r);
        }
    }

    static void subtract(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            double a = left.get(Layouts.DOUBLE, at);
            double b = right.get(Layouts.DOUBLE, at);
            double r = a - b;
            to.set(Layouts.DOUBLE, at, r);
        }
    }

    static void subtractConstant(MemorySegment left, double constant, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            double a = left.get(Layouts.DOUBLE, at);
            double b = constant;
            double r = a - b;
            to.set(Layouts.DOUBLE, at, r);
        }
    }

    static void constantSubtract(double constant, MemorySegment right, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            double a = constant;
            double b = right.get(Layouts.DOUBLE, at);
            double r = a - b;
            to.set(Layouts.DOUBLE, at, r);
        }
    }

    static void multiply(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            double a = left.get(Layouts.DOUBLE, at);
            double b = right.get(Layouts.DOUBLE, at);
            double r = a * b;
            to.set(Layouts.DOUBLE, at, r);
        }
    }

    static void multiplyConstant(MemorySegment left, double constant, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            double a = left.get(Layouts.DOUBLE, at);
            double b = constant;
            double r = a * b;
            to.set(Layouts.DOUBLE, at, r);
        }
    }

    static void divide(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            double a = left.get(Layouts.DOUBLE, at);
            double b = right.get(Layouts.DOUBLE, at);
            double r = a / b;
            to.set(Layouts.DOUBLE, at, r);
        }
    }

    static void divideConstant(MemorySegment left, double constant, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            double a = left.get(Layouts.DOUBLE, at);
            double b = constant;
            double r = a / b;
            to.set(Layouts.DOUBLE, at, r);
        }
    }

    static void constantDivide(double constant, MemorySegment right, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            double a = constant;
            double b = right.get(Layouts.DOUBLE, at);
            double r = a / b;
            to.set(Layouts.DOUBLE, at, r);
        }
    }

    static void modulo(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            double a = left.get(Layouts.DOUBLE, at);
            double b = right.get(Layouts.DOUBLE, at);
            double r = a % b;
            to.set(Layouts.DOUBLE, at, r);
        }
    }

    static void moduloConstant(MemorySegment left, double constant, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            double a = left.get(Layouts.DOUBLE, at);
            double b = constant;
            double r = a % b;
            to.set(Layouts.DOUBLE, at, r);
        }
    }

    static void constantModulo(double constant, MemorySegment right, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            double a = constant;
            double b = right.get(Layouts.DOUBLE, at);
            double r = a % b;
            to.set(Layouts.DOUBLE, at, r);
        }
    }
}
