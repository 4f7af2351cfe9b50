package dev.quiver.io.csv.kernel;

import dev.quiver.columnar.memory.Layouts;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// What a field's text looks like: the most special type that holds it.
public enum FieldKind {
    BOOL(1),
    INT64(1 << 1),
    FLOAT64(1 << 2),
    DATE(1 << 3),
    TIMESTAMP(1 << 4),
    TIMESTAMP_NANOS(1 << 5),
    INSTANT(1 << 6),
    INSTANT_NANOS(1 << 7),
    TEXT(1 << 8);

    private static final long MICROS = 1_000_000L;
    private static final long NANOS = 1_000_000_000L;
    private static final int DIGITS_INT64_SURE = 18;

    private final int bit;

    FieldKind(int bit) {
        this.bit = bit;
    }

    /// A number of one bit, for sets of kinds.
    public int bit() {
        return bit;
    }

    /// The most special type that holds values of all these kinds, utf8 for none.
    public static DataType typeOf(int bits) {
        if (bits == 0) return DataType.UTF8;
        if (only(bits, BOOL)) return DataType.BOOL;
        if (only(bits, INT64)) return DataType.INT64;
        if (only(bits, INT64, FLOAT64)) return DataType.FLOAT64;
        if (only(bits, DATE)) return DataType.DATE;
        if (only(bits, DATE, TIMESTAMP)) return DataType.TIMESTAMP;
        if (only(bits, INSTANT)) return DataType.TIMESTAMP_UTC;
        if (only(bits, DATE, TIMESTAMP, TIMESTAMP_NANOS))
            return new DataType.Timestamp(DataType.TimeUnit.NANO, Optional.empty());
        if (only(bits, INSTANT, INSTANT_NANOS))
            return new DataType.Timestamp(DataType.TimeUnit.NANO, Optional.of("UTC"));
        return DataType.UTF8;
    }

    private static boolean only(int bits, FieldKind... kinds) {
        int allowed = 0;
        for (FieldKind kind : kinds) allowed |= kind.bit();
        return (bits & ~allowed) == 0;
    }

    /// The kind of bytes `[start, end)`, of which there is at least one; spaces around mean nothing
    /// to any kind but text.
    public static FieldKind of(MemorySegment data, int start, int end) {
        int from = start;
        int to = end;
        while (from < to && data.get(Layouts.BYTE, from) == ' ') from++;
        while (from < to && data.get(Layouts.BYTE, to - 1L) == ' ') to--;
        if (from == to) return TEXT;
        byte first = data.get(Layouts.BYTE, from);
        if (isDigit(first) || first == '-' || first == '.') return numberOrTime(data, from, to);
        int letter = first | 0x20;
        if (letter == 't' || letter == 'f')
            return BoolKernel.value(data, from, to) >= 0 ? BOOL : TEXT;
        if (letter == 'n' || letter == 'i') return isWord(data, from, to) ? FLOAT64 : TEXT;
        return TEXT;
    }

    private static FieldKind numberOrTime(MemorySegment data, int from, int to) {
        boolean negative = data.get(Layouts.BYTE, from) == '-';
        int at = negative ? from + 1 : from;
        if (negative && to - at > 2 && isWord(data, at, to)) return FLOAT64;
        int digits = at;
        while (digits < to && isDigit(data.get(Layouts.BYTE, digits))) digits++;
        boolean leadingZero = digits - at > 1 && data.get(Layouts.BYTE, at) == '0';
        if (digits == to && digits > at)
            return leadingZero || !fitsInt64(data, at, to, negative) ? TEXT : INT64;
        if (!negative
                && digits - at == 4
                && to - from >= 10
                && data.get(Layouts.BYTE, digits) == '-') return time(data, from, to);
        if (leadingZero) return TEXT;
        long bits = DecimalText.parse(data, from, to);
        return bits == DecimalText.REFUSED || Double.isInfinite(Double.longBitsToDouble(bits))
                ? TEXT
                : FLOAT64;
    }

    private static boolean fitsInt64(MemorySegment data, int at, int to, boolean negative) {
        if (to - at <= DIGITS_INT64_SURE) return true;
        if (to - at > DIGITS_INT64_SURE + 1) return false;
        long value = 0;
        for (int i = at; i < to; i++) value = value * 10 + (data.get(Layouts.BYTE, i) - '0');
        return value >= 0 || (negative && value == Long.MIN_VALUE);
    }

    private static FieldKind time(MemorySegment data, int from, int to) {
        if (to - from == 10)
            return TemporalKernel.date(data, from) == TemporalKernel.REFUSED ? TEXT : DATE;
        if (isTime(data, from, to, MICROS, false)) return TIMESTAMP;
        if (isTime(data, from, to, MICROS, true)) return INSTANT;
        if (isTime(data, from, to, NANOS, false)) return TIMESTAMP_NANOS;
        if (isTime(data, from, to, NANOS, true)) return INSTANT_NANOS;
        return TEXT;
    }

    private static boolean isTime(
            MemorySegment data, int from, int to, long perSecond, boolean zoned) {
        return TemporalKernel.timestamp(data, from, to, perSecond, zoned) != TemporalKernel.REFUSED;
    }

    /// Whether the bytes are `nan`, `inf` or `infinity`, in any case.
    private static boolean isWord(MemorySegment data, int from, int to) {
        var text = new StringBuilder();
        if (to - from > 8) return false;
        for (int i = from; i < to; i++) text.append((char) (data.get(Layouts.BYTE, i) | 0x20));
        String word = text.toString();
        return word.equals("nan") || word.equals("inf") || word.equals("infinity");
    }

    private static boolean isDigit(byte value) {
        return value >= '0' && value <= '9';
    }
}
