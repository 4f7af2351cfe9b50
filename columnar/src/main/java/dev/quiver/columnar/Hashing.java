package dev.quiver.columnar;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Hashes of values: the same in every process and run, so that a recomputed partition lands where
/// the first one did.
///
/// Mixing is the finaliser of SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number
/// Generators", OOPSLA 2014).
public final class Hashing {
    /// What a null hashes to.
    public static final long NULL = 0x9E3779B97F4A7C15L;

    private static final long SEED = 0xA0761D6478BD642FL;
    private static final long MULTIPLIER = 0xE7037ED1A0B428DBL;

    private Hashing() {}

    public static long mix(long value) {
        long z = value * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /// The hash of a number; floats hash their canonical form ([#canonical]).
    public static long number(long value) {
        return mix(value);
    }

    /// Bits that are equal exactly for equal values: one NaN, one zero.
    public static long canonical(double value) {
        return value == 0.0 ? 0L : Double.doubleToLongBits(value);
    }

    /// The hash of a row from the hash of the keys before and that of the next key.
    public static long combine(long before, long next) {
        return mix(before * 31 + next);
    }

    /// The hash of `length` bytes at `offset`; at least 8 readable bytes must follow them.
    public static long bytes(MemorySegment data, long offset, int length) {
        long hash = SEED ^ length * MULTIPLIER;
        long at = offset;
        int left = length;
        while (left >= 8) {
            hash = fold(hash ^ data.get(Layouts.LONG, at));
            at += 8;
            left -= 8;
        }
        if (left > 0) {
            long tail = data.get(Layouts.LONG, at) & (1L << (left << 3)) - 1;
            hash = fold(hash ^ tail);
        }
        return mix(hash);
    }

    private static long fold(long value) {
        return Math.multiplyHigh(value, MULTIPLIER) ^ value * MULTIPLIER;
    }
}
