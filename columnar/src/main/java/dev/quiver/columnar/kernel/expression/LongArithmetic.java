package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Loops over int64 values. What they return is not 0 when a result may have overflowed; sums look
/// for that in a loop of its own, which is faster than one loop for both.
final class LongArithmetic {
    private LongArithmetic() {}

    static long add(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            to.set(Layouts.LONG, at, left.get(Layouts.LONG, at) + right.get(Layouts.LONG, at));
        }
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = left.get(Layouts.LONG, at);
            long b = right.get(Layouts.LONG, at);
            long r = to.get(Layouts.LONG, at);
            alarm |= (a ^ r) & (b ^ r);
        }
        return alarm & Long.MIN_VALUE;
    }

    static long addConstant(MemorySegment left, long constant, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            to.set(Layouts.LONG, at, left.get(Layouts.LONG, at) + constant);
        }
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = left.get(Layouts.LONG, at);
            long b = constant;
            long r = to.get(Layouts.LONG, at);
            alarm |= (a ^ r) & (b ^ r);
        }
        return alarm & Long.MIN_VALUE;
    }

    static long subtract(MemorySegment left, MemorySegment right, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            to.set(Layouts.LONG, at, left.get(Layouts.LONG, at) - right.get(Layouts.LONG, at));
        }
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = left.get(Layouts.LONG, at);
            long b = right.get(Layouts.LONG, at);
            long r = to.get(Layouts.LONG, at);
            alarm |= (a ^ b) & (a ^ r);
        }
        return alarm & Long.MIN_VALUE;
    }

    static long subtractConstant(MemorySegment left, long constant, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            to.set(Layouts.LONG, at, left.get(Layouts.LONG, at) - constant);
        }
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = left.get(Layouts.LONG, at);
            long b = constant;
            long r = to.get(Layouts.LONG, at);
            alarm |= (a ^ b) & (a ^ r);
        }
        return alarm & Long.MIN_VALUE;
    }

    static long constantSubtract(long constant, MemorySegment right, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            to.set(Layouts.LONG, at, constant - right.get(Layouts.LONG, at));
        }
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            long a = constant;
            long b = right.get(Layouts.LONG, at);
            long r = to.get(Layouts.LONG, at);
            alarm |= (a ^ b) & (a ^ r);
        }
        return alarm & Long.MIN_VALUE;
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
