package dev.quiver.io.csv.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;

/// The double nearest to a decimal number.
///
/// Source: Lemire, "Number Parsing at a Gigabyte per Second", Software: Practice and Experience 51,
/// 2021; Clinger, "How to Read Floating Point Numbers Accurately", PLDI 1990, for small ones. Where
/// neither is sure, the JDK's parser.
public final class DecimalText {
    /// What [#parse] gives for a text that isn't a decimal number: a NaN that no number yields.
    public static final long REFUSED = 0x7FF8_0000_0BAD_0BADL;

    private static final int EXPONENT_MAX = 80;
    private static final int MANTISSA_DIGITS_MAX = 19;
    private static final long INTEGERS_EXACT_MAX = 1L << 53;
    private static final double[] POWERS_OF_TEN = powersOfTen();
    private static final long[] POWERS_OF_FIVE = powersOfFive();

    private DecimalText() {}

    private static double[] powersOfTen() {
        var powers = new double[23];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) powers[i] = powers[i - 1] * 10;
        return powers;
    }

    /// The first 128 bits of 5^q for q from −EXPONENT_MAX on: rounded down for q ≥ 0, up below.
    private static long[] powersOfFive() {
        var powers = new long[(2 * EXPONENT_MAX + 1) * 2];
        for (int q = -EXPONENT_MAX; q <= EXPONENT_MAX; q++) {
            BigInteger power = BigInteger.valueOf(5).pow(Math.abs(q));
            if (q < 0) {
                int bits = power.subtract(BigInteger.ONE).bitLength();
                int shift = q >= -27 ? bits + 127 : 2 * bits + 128;
                power = BigInteger.ONE.shiftLeft(shift).divide(power).add(BigInteger.ONE);
            }
            int excess = power.bitLength() - 128;
            power = excess > 0 ? power.shiftRight(excess) : power.shiftLeft(-excess);
            int slot = (q + EXPONENT_MAX) * 2;
            powers[slot] = power.shiftRight(64).longValue();
            powers[slot + 1] = power.longValue();
        }
        return powers;
    }

    /// `mantissa * 10^exponent`, correctly rounded; NaN when that isn't sure.
    ///
    /// @param mantissa not negative
    static double fast(long mantissa, int exponent) {
        if (mantissa <= INTEGERS_EXACT_MAX && exponent >= -22 && exponent <= 22) {
            return exponent < 0
                    ? mantissa / POWERS_OF_TEN[-exponent]
                    : mantissa * POWERS_OF_TEN[exponent];
        }
        if (mantissa == 0) return 0;
        if (exponent < -EXPONENT_MAX || exponent > EXPONENT_MAX) return Double.NaN;
        return lemire(mantissa, exponent);
    }

    private static double lemire(long mantissa, int exponent) {
        int leading = Long.numberOfLeadingZeros(mantissa);
        long w = mantissa << leading;
        int slot = (exponent + EXPONENT_MAX) * 2;
        long low = w * POWERS_OF_FIVE[slot];
        long high = Math.unsignedMultiplyHigh(w, POWERS_OF_FIVE[slot]);
        if ((high & 0x1FF) == 0x1FF) {
            long more = Math.unsignedMultiplyHigh(w, POWERS_OF_FIVE[slot + 1]);
            low += more;
            if (Long.compareUnsigned(low, more) < 0) high++;
        }
        if (low == -1L && (exponent < -27 || exponent > 55)) return Double.NaN;
        int upper = (int) (high >>> 63);
        int shift = upper + 64 - 52 - 3;
        long bits = high >>> shift;
        int power = (((152_170 + 65_536) * exponent) >> 16) + 63 + upper - leading + 1023;
        if (power <= 0 || power >= 0x7FE) return Double.NaN;
        boolean tie =
                Long.compareUnsigned(low, 1) <= 0
                        && exponent >= -4
                        && exponent <= 23
                        && (bits & 3) == 1
                        && bits << shift == high;
        if (tie) bits &= ~1L;
        bits += bits & 1;
        bits >>>= 1;
        if (bits >= 1L << 53) {
            bits = 1L << 52;
            power++;
        }
        return Double.longBitsToDouble((bits & ((1L << 52) - 1)) | ((long) power << 52));
    }

    /// The bits of the double that the bytes `[start, end)` say: `-12`, `1.5`, `.5`, `5.`, `1e-3`.
    /// [#REFUSED] when they say something else, also NaN and infinity, or begin with a plus.
    public static long parse(MemorySegment data, int start, int end) {
        int at = start;
        boolean negative = at < end && data.get(Layouts.BYTE, at) == '-';
        if (negative) at++;
        long mantissa = 0;
        int digits = 0;
        int significant = 0;
        int exponent = 0;
        int point = -1;
        for (; at < end; at++) {
            int digit = data.get(Layouts.BYTE, at) - '0';
            if (digit >= 0 && digit <= 9) {
                digits++;
                if (significant < MANTISSA_DIGITS_MAX) {
                    mantissa = mantissa * 10 + digit;
                    if (mantissa != 0) significant++;
                    if (point >= 0) exponent--;
                } else {
                    significant++;
                    if (point < 0) exponent++;
                }
            } else if (digit == '.' - '0' && point < 0) {
                point = at;
            } else {
                break;
            }
        }
        if (digits == 0) return REFUSED;
        if (at < end) {
            int letter = data.get(Layouts.BYTE, at) | 0x20;
            long written = letter == 'e' ? exponent(data, at + 1, end) : Long.MIN_VALUE;
            if (written == Long.MIN_VALUE) return REFUSED;
            exponent += (int) written;
        }
        double value =
                significant <= MANTISSA_DIGITS_MAX && mantissa >= 0
                        ? fast(mantissa, exponent)
                        : Double.NaN;
        if (Double.isNaN(value))
            return Double.doubleToRawLongBits(Double.parseDouble(text(data, start, end)));
        return Double.doubleToRawLongBits(negative ? -value : value);
    }

    /// The digits behind an `e`, at most ±99999; Long.MIN_VALUE when they aren't a number.
    private static long exponent(MemorySegment data, int from, int end) {
        int at = from;
        if (at == end) return Long.MIN_VALUE;
        byte sign = data.get(Layouts.BYTE, at);
        if (sign == '-' || sign == '+') at++;
        if (at == end) return Long.MIN_VALUE;
        int value = 0;
        for (; at < end; at++) {
            int digit = data.get(Layouts.BYTE, at) - '0';
            if (digit < 0 || digit > 9) return Long.MIN_VALUE;
            value = Math.min(99_999, value * 10 + digit);
        }
        return sign == '-' ? -value : value;
    }

    private static String text(MemorySegment data, int start, int end) {
        var text = new StringBuilder(end - start);
        for (int i = start; i < end; i++) text.append((char) data.get(Layouts.BYTE, i));
        return text.toString();
    }
}
