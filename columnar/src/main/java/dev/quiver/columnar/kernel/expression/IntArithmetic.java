package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Loops over int32 values. What they return is not 0 when a result may have overflowed.
final class IntArithmetic {
    private IntArithmetic() {}

    static long add(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 2;
            int a = left.get(Layouts.INT, at);
            int b = right.get(Layouts.INT, at);
            int r = a + b;
            alarm |= (a ^ r) & (b ^ r) & Integer.MIN_VALUE;
            to.set(Layouts.INT, at, r);
        }
        return alarm;
    }

    static long addConstant(MemorySegment left, int constant, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 2;
            int a = left.get(Layouts.INT, at);
            int b = constant;
            int r = a + b;
            alarm |= (a ^ r) & (b ^ r) & Integer.MIN_VALUE;
            to.set(Layouts.INT, at, r);
        }
        return alarm;
    }

    static long subtract(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 2;
            int a = left.get(Layouts.INT, at);
            int b = right.get(Layouts.INT, at);
            int r = a - b;
            alarm |= (a ^ b) & (a ^ r) & Integer.MIN_VALUE;
            to.set(Layouts.INT, at, r);
        }
        return alarm;
    }

    static long subtractConstant(MemorySegment left, int constant, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 2;
            int a = left.get(Layouts.INT, at);
            int b = constant;
            int r = a - b;
            alarm |= (a ^ b) & (a ^ r) & Integer.MIN_VALUE;
            to.set(Layouts.INT, at, r);
        }
        return alarm;
    }

    static long constantSubtract(int constant, MemorySegment right, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 2;
            int a = constant;
            int b = right.get(Layouts.INT, at);
            int r = a - b;
            alarm |= (a ^ b) & (a ^ r) & Integer.MIN_VALUE;
            to.set(Layouts.INT, at, r);
        }
        return alarm;
    }

    static long multiply(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 2;
            int a = left.get(Layouts.INT, at);
            int b = right.get(Layouts.INT, at);
            long exact = (long) a * b;
            int r = (int) exact;
            alarm |= exact ^ r;
            to.set(Layouts.INT, at, r);
        }
        return alarm;
    }

    static long multiplyConstant(MemorySegment left, int constant, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 2;
            int a = left.get(Layouts.INT, at);
            int b = constant;
            long exact = (long) a * b;
            int r = (int) exact;
            alarm |= exact ^ r;
            to.set(Layouts.INT, at, r);
        }
        return alarm;
    }

    static long modulo(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 2;
            int a = left.get(Layouts.INT, at);
            int b = right.get(Layouts.INT, at);
            int r = b == 0 ? 0 : a % b;
            alarm |= b == 0 ? 1 : 0;
            to.set(Layouts.INT, at, r);
        }
        return alarm;
    }

    static long moduloConstant(MemorySegment left, int constant, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 2;
            int a = left.get(Layouts.INT, at);
            int b = constant;
            int r = b == 0 ? 0 : a % b;
            alarm |= b == 0 ? 1 : 0;
            to.set(Layouts.INT, at, r);
        }
        return alarm;
    }

    static long constantModulo(int constant, MemorySegment right, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 2;
            int a = constant;
            int b = right.get(Layouts.INT, at);
            int r = b == 0 ? 0 : a % b;
            alarm |= b == 0 ? 1 : 0;
            to.set(Layouts.INT, at, r);
        }
        return alarm;
    }
}
