package dev.quiver.io.csv.kernel;

import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// ISO 8601 dates `2013-01-31` and times `2013-01-31T10:00:00.25Z` (or with a space for the T).
public final class TemporalKernel {
    /// What a text that isn't a date or time gives.
    public static final long REFUSED = Long.MIN_VALUE;

    private static final int DATE_BYTES = 10;
    private static final long DATE_PATTERN = 0x2D30_302D_3030_3030L;
    private static final long DATE_DASHES = 0xFF00_00FF_0000_0000L;
    private static final long TIME_PATTERN = 0x3030_3A30_303A_3030L;
    private static final long TIME_COLONS = 0x0000_FF00_00FF_0000L;
    private static final long SECONDS_PER_DAY = 86_400;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private TemporalKernel() {}

    /// Writes fields as days since 1970 from row `from` of the batch on; an empty field clears its
    /// bit of `validity`.
    ///
    /// @return the first row that it can't read, or the number of rows
    public static int dates(Fields fields, int from, MemorySegment values, MemorySegment validity) {
        MemorySegment data = fields.data();
        int rows = fields.rows();
        for (int row = from; row < rows; row++) {
            int start = fields.start(row);
            int end = fields.rawEnd(row);
            if (end < 0) {
                if ((end & FieldIndex.ESCAPED) != 0) return row;
                start++;
                end = (end & FieldIndex.POSITION) - 1;
            }
            int chunkRow = fields.firstRow() + row;
            if (start == end) {
                Validity.set(validity, chunkRow, false);
                values.set(Layouts.INT, chunkRow * 4L, 0);
                continue;
            }
            long days = end - start == DATE_BYTES ? date(data, start) : REFUSED;
            if (days == REFUSED) return row;
            values.set(Layouts.INT, chunkRow * 4L, (int) days);
        }
        return rows;
    }

    /// Writes fields as units since 1970 from row `from` of the batch on; an empty field clears its
    /// bit of `validity`.
    ///
    /// @param zoned whether a `Z` or an offset must follow, or must not
    /// @return the first row that it can't read, or the number of rows
    public static int timestamps(
            Fields fields,
            int from,
            long unitsPerSecond,
            boolean zoned,
            MemorySegment values,
            MemorySegment validity) {
        MemorySegment data = fields.data();
        int rows = fields.rows();
        for (int row = from; row < rows; row++) {
            int start = fields.start(row);
            int end = fields.rawEnd(row);
            if (end < 0) {
                if ((end & FieldIndex.ESCAPED) != 0) return row;
                start++;
                end = (end & FieldIndex.POSITION) - 1;
            }
            int chunkRow = fields.firstRow() + row;
            if (start == end) {
                Validity.set(validity, chunkRow, false);
                values.set(Layouts.LONG, chunkRow * 8L, 0);
                continue;
            }
            long units = timestamp(data, start, end, unitsPerSecond, zoned);
            if (units == REFUSED) return row;
            values.set(Layouts.LONG, chunkRow * 8L, units);
        }
        return rows;
    }

    /// Days since 1970 of ten bytes, or REFUSED.
    public static long date(MemorySegment data, int start) {
        long head = data.get(Layouts.LONG, start) ^ DATE_PATTERN;
        int tens = data.get(Layouts.BYTE, start + 8L) - '0';
        int ones = data.get(Layouts.BYTE, start + 9L) - '0';
        if ((Swar.refused(head) | (head & DATE_DASHES)) != 0
                || tens < 0
                || tens > 3
                || ones < 0
                || ones > 9) return REFUSED;
        int year =
                (int) (head & 0xFF) * 1000
                        + (int) (head >> 8 & 0xFF) * 100
                        + (int) (head >> 16 & 0xFF) * 10
                        + (int) (head >> 24 & 0xFF);
        int month = (int) (head >> 40 & 0xFF) * 10 + (int) (head >> 48 & 0xFF);
        int day = tens * 10 + ones;
        if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return REFUSED;
        return daysSince1970(year, month, day);
    }

    private static int daysOf(int year, int month) {
        if (month != 2) return 30 + (month + (month >> 3) & 1);
        return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    }

    /// Source: Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2014.
    private static long daysSince1970(int year, int month, int day) {
        int y = month <= 2 ? year - 1 : year;
        int era = Math.floorDiv(y, 400);
        int yearOfEra = y - era * 400;
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097L + dayOfEra - 719_468;
    }

    /// Units since 1970, or REFUSED. Digits beyond the unit must be zeros. A date alone is its
    /// midnight, where no zone is asked for.
    public static long timestamp(
            MemorySegment data, int start, int end, long unitsPerSecond, boolean zoned) {
        int length = end - start;
        if (length < DATE_BYTES) return REFUSED;
        long days = date(data, start);
        if (days == REFUSED) return REFUSED;
        if (length == DATE_BYTES) return zoned ? REFUSED : days * SECONDS_PER_DAY * unitsPerSecond;
        byte between = data.get(Layouts.BYTE, start + 10L);
        if ((between != 'T' && between != ' ') || length < 16) return REFUSED;
        int at = start + 11;
        boolean hasSeconds = length >= 19 && data.get(Layouts.BYTE, start + 16L) == ':';
        long time = data.get(Layouts.LONG, at);
        // Without seconds the last three bytes are set to ":00".
        if (!hasSeconds) time = (time & 0xFF_FFFF_FFFFL) | 0x3030_3A00_0000_0000L;
        time ^= TIME_PATTERN;
        if ((Swar.refused(time) | (time & TIME_COLONS)) != 0) return REFUSED;
        int hour = (int) (time & 0xFF) * 10 + (int) (time >> 8 & 0xFF);
        int minute = (int) (time >> 24 & 0xFF) * 10 + (int) (time >> 32 & 0xFF);
        int second = (int) (time >> 48 & 0xFF) * 10 + (int) (time >> 56 & 0xFF);
        if (hour > 23 || minute > 59 || second > 59) return REFUSED;
        at += hasSeconds ? 8 : 5;
        long nanos = 0;
        if (hasSeconds && at < end && data.get(Layouts.BYTE, at) == '.') {
            int digits = fractionDigits(data, at + 1, end);
            if (digits < 1 || digits > 9) return REFUSED;
            nanos = nanos(data, at + 1, digits);
            at += digits + 1;
        }
        long offsetSeconds = 0;
        if (zoned) offsetSeconds = offset(data, at, end);
        else if (at != end) return REFUSED;
        if (offsetSeconds == REFUSED) return REFUSED;
        long nanosPerUnit = NANOS_PER_SECOND / unitsPerSecond;
        if (nanos % nanosPerUnit != 0) return REFUSED;
        long seconds =
                days * SECONDS_PER_DAY + hour * 3600L + minute * 60L + second - offsetSeconds;
        if (unitsPerSecond == NANOS_PER_SECOND
                && Math.abs(seconds) > Long.MAX_VALUE / NANOS_PER_SECOND - 1) return REFUSED;
        return seconds * unitsPerSecond + nanos / nanosPerUnit;
    }

    private static int fractionDigits(MemorySegment data, int from, int end) {
        int at = from;
        while (at < end && Character.isDigit(data.get(Layouts.BYTE, at))) at++;
        return at - from;
    }

    private static long nanos(MemorySegment data, int from, int digits) {
        long nanos = 0;
        for (int i = 0; i < 9; i++) {
            nanos = nanos * 10 + (i < digits ? data.get(Layouts.BYTE, from + (long) i) - '0' : 0);
        }
        return nanos;
    }

    /// Seconds of `Z`, `+01`, `+01:00`, `+0100`; REFUSED for anything else.
    private static long offset(MemorySegment data, int at, int end) {
        int length = end - at;
        if (length == 1) {
            byte letter = data.get(Layouts.BYTE, at);
            return letter == 'Z' || letter == 'z' ? 0 : REFUSED;
        }
        if (length != 3 && length != 5 && length != 6) return REFUSED;
        byte sign = data.get(Layouts.BYTE, at);
        if (sign != '+' && sign != '-') return REFUSED;
        int hours = twoDigits(data, at + 1);
        if (length == 6 && data.get(Layouts.BYTE, at + 3L) != ':') return REFUSED;
        int minutes = length == 3 ? 0 : twoDigits(data, end - 2);
        if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) return REFUSED;
        long seconds = hours * 3600L + minutes * 60L;
        return sign == '-' ? -seconds : seconds;
    }

    private static int twoDigits(MemorySegment data, int at) {
        int tens = data.get(Layouts.BYTE, at) - '0';
        int ones = data.get(Layouts.BYTE, at + 1L) - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
    }
}
