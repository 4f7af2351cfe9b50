package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Loops over int64 values. What they return is not 0 when a result may have overflowed.
final class LongArithmetic {
    private LongArithmetic() {}

    static long add(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = left.get(Layouts.LONG, at);
            long b = right.get(Layouts.LONG, at);
            long r = a + b;
            alarm |= (a ^ r) & (b ^ r) & Long.MIN_VALUE;
            to.set(Layouts.LONG, at, r);
        }
        return alarm;
    }

    static long addConstant(MemorySegment left, long constant, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = left.get(Layouts.LONG, at);
            long b = constant;
            long r = a + b;
            alarm |= (a ^ r) & (b ^ r) & Long.MIN_VALUE;
            to.set(Layouts.LONG, at, r);
        }
        return alarm;
    }

    static long subtract(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = left.get(Layouts.LONG, at);
            long b = right.get(Layouts.LONG, at);
            long r = a - b;
            alarm |= (a ^ b) & (a ^ r) & Long.MIN_VALUE;
            to.set(Layouts.LONG, at, r);
        }
        return alarm;
    }

    static long subtractConstant(MemorySegment left, long constant, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = left.get(Layouts.LONG, at);
            long b = constant;
            long r = a - b;
            alarm |= (a ^ b) & (a ^ r) & Long.MIN_VALUE;
            to.set(Layouts.LONG, at, r);
        }
        return alarm;
    }

    static long constantSubtract(long constant, MemorySegment right, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = constant;
            long b = right.get(Layouts.LONG, at);
            long r = a - b;
            alarm |= (a ^ b) & (a ^ r) & Long.MIN_VALUE;
            to.set(Layouts.LONG, at, r);
        }
        return alarm;
    }

    static long multiply(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = left.get(Layouts.LONG, at);
            long b = right.get(Layouts.LONG, at);
            long r = a * b;
            alarm |= Math.multiplyHigh(a, b) ^ r >> 63;
            to.set(Layouts.LONG, at, r);
        }
        return alarm;
    }

    static long multiplyConstant(MemorySegment left, long constant, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = left.get(Layouts.LONG, at);
            long b = constant;
            long r = a * b;
            alarm |= Math.multiplyHigh(a, b) ^ r >> 63;
            to.set(Layouts.LONG, at, r);
        }
        return alarm;
    }

    static long modulo(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = left.get(Layouts.LONG, at);
            long b = right.get(Layouts.LONG, at);
            long r = b == 0 ? 0 : a % b;
            alarm |= b == 0 ? 1 : 0;
            to.set(Layouts.LONG, at, r);
        }
        return alarm;
    }

    static long moduloConstant(MemorySegment left, long constant, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = left.get(Layouts.LONG, at);
            long b = constant;
            long r = b == 0 ? 0 : a % b;
            alarm |= b == 0 ? 1 : 0;
            to.set(Layouts.LONG, at, r);
        }
        return alarm;
    }

    static long constantModulo(long constant, MemorySegment right, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = constant;
            long b = right.get(Layouts.LONG, at);
            long r = b == 0 ? 0 : a % b;
            alarm |= b == 0 ? 1 : 0;
            to.set(Layouts.LONG, at, r);
        }
        return alarm;
    }
}
