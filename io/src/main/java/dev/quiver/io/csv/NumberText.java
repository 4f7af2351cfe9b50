package dev.quiver.io.csv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Numbers, dates and times as text, put into an array of bytes. Each method gives the position
/// behind what it put.
public final class NumberText {
    private static final byte[] SMALLEST =
            Long.toString(Long.MIN_VALUE).getBytes(StandardCharsets.US_ASCII);
    private static final int FRACTION_DIGITS_MAX = 9;
    private static final double WHOLE_MAX = 1e15;
    private static final int PLAIN_EXPONENT_MIN = -7;
    private static final int PLAIN_EXPONENT_MAX = 17;
    private static final long SECONDS_PER_DAY = 86_400;
    private static final double[] POWERS_OF_TEN = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    private static final long[] LONG_POWERS_OF_TEN = new long[19];

    /// Digits behind the point that are tried: prices, measured values, then the most there are.
    private static final int[] SCALES = {2, 6, FRACTION_DIGITS_MAX, 8, 7};

    private static final VarHandle PAIR =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle WORD =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /// `0` to `999`, and the number of digits in the highest byte.
    private static final int[] SMALL = new int[1000];

    /// `00` to `99`.
    private static final short[] PAIRS = new short[100];

    static {
        long power = 1;
        for (int i = 0; i < LONG_POWERS_OF_TEN.length; i++, power *= 10)
            LONG_POWERS_OF_TEN[i] = power;
        for (int i = 0; i < SMALL.length; i++) {
            String text = Integer.toString(i);
            for (int at = 0; at < text.length(); at++) SMALL[i] |= text.charAt(at) << 8 * at;
            SMALL[i] |= text.length() << 24;
        }
        for (int i = 0; i < PAIRS.length; i++)
            PAIRS[i] = (short) ('0' + i / 10 | '0' + i % 10 << Byte.SIZE);
    }

    private NumberText() {}

    public static int put(byte[] to, int at, String text) {
        for (int i = 0; i < text.length(); i++) to[at + i] = (byte) text.charAt(i);
        return at + text.length();
    }

    /// @param to with 4 bytes of room at least, as more bytes than the digits may be stored
    public static int putLong(byte[] to, int at, long value) {
        if (value >= 0 && value < SMALL.length) {
            int small = SMALL[(int) value];
            WORD.set(to, at, small);
            return at + (small >>> 24);
        }
        if (value == Long.MIN_VALUE) {
            System.arraycopy(SMALLEST, 0, to, at, SMALLEST.length);
            return at + SMALLEST.length;
        }
        int from = at;
        if (value < 0) to[from++] = '-';
        long left = Math.abs(value);
        int digits = digits(left);
        putDigits(to, from, left, digits);
        return from + digits;
    }

    /// The decimal digits of a number that isn't negative: about 0.301 of its binary ones.
    private static int digits(long value) {
        long positive = value | 1;
        int digits = (64 - Long.numberOfLeadingZeros(positive)) * 1233 >>> 12;
        return positive >= LONG_POWERS_OF_TEN[digits] ? digits + 1 : digits;
    }

    /// Puts the last `digits` digits of a number, with leading zeros.
    private static void putDigits(byte[] to, int at, long value, int digits) {
        int i = at + digits;
        long high = value;
        while (high > Integer.MAX_VALUE && i - at >= 2) {
            long rest = high / 100;
            i -= 2;
            PAIR.set(to, i, PAIRS[(int) (high - rest * 100)]);
            high = rest;
        }
        // Up to here there are too many digits for the faster division of ints.
        int left = (int) high;
        while (i - at >= 2) {
            int rest = left / 100;
            i -= 2;
            PAIR.set(to, i, PAIRS[left - rest * 100]);
            left = rest;
        }
        if (i > at) to[at] = (byte) ('0' + left % 10);
    }

    /// Puts `unscaled / 10^scale` with all `scale` digits behind the point.
    public static int putDecimal(byte[] to, int at, long unscaled, int scale) {
        if (scale == 0) return putLong(to, at, unscaled);
        int from = at;
        if (unscaled < 0) to[from++] = '-';
        long left = Math.abs(unscaled);
        long whole = scale < LONG_POWERS_OF_TEN.length ? left / LONG_POWERS_OF_TEN[scale] : 0;
        long fraction = whole == 0 ? left : left - whole * LONG_POWERS_OF_TEN[scale];
        from = putLong(to, from, whole);
        to[from++] = '.';
        putDigits(to, from, fraction, scale);
        return from + scale;
    }

    /// Puts the shortest decimal number that reads back as this double: `1.0`, `0.1`,
    /// `12345678901.5`, and with an exponent only where it is far from one. `NaN`, `Infinity`.
    public static int putDouble(byte[] to, int at, double value) {
        // A double reads back from one decimal of up to 15 digits at most, so that any scale that
        // gives one will do, and zeros at its end are left out.
        for (int scale : SCALES) {
            double whole = Math.rint(value * POWERS_OF_TEN[scale]);
            if (!(Math.abs(whole) < WHOLE_MAX)) continue;
            if (whole / POWERS_OF_TEN[scale] != value || whole == 0) continue;
            long unscaled = (long) whole;
            int digits = scale;
            while (digits > 1 && unscaled % 10 == 0) {
                unscaled /= 10;
                digits--;
            }
            return putDecimal(to, at, unscaled, digits);
        }
        return put(to, at, text(Double.toString(value)));
    }

    public static int putFloat(byte[] to, int at, float value) {
        return put(to, at, text(Float.toString(value)));
    }

    /// Java's text of a number, without an exponent where it isn't far from one.
    private static String text(String java) {
        int letter = java.indexOf('E');
        if (letter < 0) return java;
        int exponent = Integer.parseInt(java.substring(letter + 1));
        if (exponent < PLAIN_EXPONENT_MIN || exponent > PLAIN_EXPONENT_MAX) return java;
        String plain = new BigDecimal(java).toPlainString();
        return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }

    /// Puts `2013-01-31`; years beyond 9999 as ISO 8601 has them, with a sign.
    ///
    /// Source: Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2014.
    public static int putDate(byte[] to, int at, long days) {
        long shifted = days + 719_468;
        long era = Math.floorDiv(shifted, 146_097L);
        long dayOfEra = shifted - era * 146_097;
        long yearOfEra =
                (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long monthFromMarch = (5 * dayOfYear + 2) / 153;
        long day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
        long month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        int from = at;
        if (year < 0 || year > 9999) to[from++] = (byte) (year < 0 ? '-' : '+');
        int digits = Math.max(4, digits(Math.abs(year)));
        putDigits(to, from, Math.abs(year), digits);
        from += digits;
        to[from] = '-';
        putDigits(to, from + 1, month, 2);
        to[from + 3] = '-';
        putDigits(to, from + 4, day, 2);
        return from + 6;
    }

    /// Puts `2013-01-31T10:00:00`, with the digits of the second that aren't zero.
    public static int putTimestamp(byte[] to, int at, long units, long unitsPerSecond) {
        long seconds = Math.floorDiv(units, unitsPerSecond);
        long days = Math.floorDiv(seconds, SECONDS_PER_DAY);
        int from = putDate(to, at, days);
        to[from++] = 'T';
        return putTime(
                to,
                from,
                seconds - days * SECONDS_PER_DAY,
                units - seconds * unitsPerSecond,
                unitsPerSecond);
    }

    /// Puts `10:00:00.25`.
    public static int putTime(
            byte[] to, int at, long secondOfDay, long fraction, long unitsPerSecond) {
        putDigits(to, at, secondOfDay / 3600, 2);
        to[at + 2] = ':';
        putDigits(to, at + 3, secondOfDay / 60 % 60, 2);
        to[at + 5] = ':';
        putDigits(to, at + 6, secondOfDay % 60, 2);
        if (fraction == 0) return at + 8;
        int digits = digits(unitsPerSecond) - 1;
        long left = fraction;
        while (left % 10 == 0) {
            left /= 10;
            digits--;
        }
        to[at + 8] = '.';
        putDigits(to, at + 9, left, digits);
        return at + 9 + digits;
    }
}
