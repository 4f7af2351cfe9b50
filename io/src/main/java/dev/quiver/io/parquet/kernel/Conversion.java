package dev.quiver.io.parquet.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// How stored values of one width become a column's values.
public enum Conversion {
    /// They are the column's values.
    NONE,
    /// int32 to 8 bits; the rest is dropped, as other readers do.
    TO_8,
    /// int32 to 16 bits.
    TO_16,
    /// int32 to int64.
    TO_64,
    /// int32 to 128 bits.
    FROM_32_TO_128,
    /// int64 to 128 bits.
    FROM_64_TO_128,
    /// Nanoseconds of the day and Julian day to nanoseconds since 1970.
    FROM_INT96,
    /// Two's complement, highest byte first, to 64 bits.
    BIG_ENDIAN_64,
    /// Two's complement, highest byte first, to 128 bits.
    BIG_ENDIAN_128;

    private static final long JULIAN_DAY_1970 = 2_440_588;
    private static final long NANOS_PER_DAY = 86_400_000_000_000L;

    /// Converts `count` values of `width` bytes that lie end to end.
    ///
    /// @throws DamagedPage when a value doesn't fit
    public void apply(MemorySegment in, int width, int count, MemorySegment out, long offset) {
        switch (this) {
            case NONE -> MemorySegment.copy(in, 0, out, offset, (long) count * width);
            case TO_8 -> {
                for (int i = 0; i < count; i++)
                    out.set(Layouts.BYTE, offset + i, (byte) in.get(Layouts.INT, i * 4L));
            }
            case TO_16 -> {
                for (int i = 0; i < count; i++)
                    out.set(Layouts.SHORT, offset + i * 2L, (short) in.get(Layouts.INT, i * 4L));
            }
            case TO_64 -> {
                for (int i = 0; i < count; i++)
                    out.set(Layouts.LONG, offset + i * 8L, in.get(Layouts.INT, i * 4L));
            }
            case FROM_32_TO_128 -> {
                for (int i = 0; i < count; i++)
                    wide(in.get(Layouts.INT, i * 4L), out, offset + i * 16L);
            }
            case FROM_64_TO_128 -> {
                for (int i = 0; i < count; i++)
                    wide(in.get(Layouts.LONG, i * 8L), out, offset + i * 16L);
            }
            case FROM_INT96 -> {
                for (int i = 0; i < count; i++)
                    out.set(Layouts.LONG, offset + i * 8L, int96(in, i * 12L));
            }
            case BIG_ENDIAN_64 -> {
                for (int i = 0; i < count; i++)
                    out.set(
                            Layouts.LONG,
                            offset + i * 8L,
                            bigEndian64(in, (long) i * width, width));
            }
            case BIG_ENDIAN_128 -> {
                for (int i = 0; i < count; i++)
                    bigEndian128(in, (long) i * width, width, out, offset + i * 16L);
            }
        }
    }

    private static void wide(long value, MemorySegment out, long offset) {
        out.set(Layouts.LONG, offset, value);
        out.set(Layouts.LONG, offset + 8, value >> 63);
    }

    private static long int96(MemorySegment in, long at) {
        long day = Integer.toUnsignedLong(in.get(Layouts.INT, at + 8)) - JULIAN_DAY_1970;
        try {
            return Math.addExact(Math.multiplyExact(day, NANOS_PER_DAY), in.get(Layouts.LONG, at));
        } catch (ArithmeticException e) {
            throw new DamagedPage("has a timestamp outside the years 1677 to 2262");
        }
    }

    /// The two's complement of `width` bytes.
    public static long bigEndian64(MemorySegment in, long at, int width) {
        if (width == 0) throw new DamagedPage("has a decimal without bytes");
        long value = in.get(Layouts.BYTE, at);
        for (int i = 1; i < width; i++) {
            if (value << 8 >> 8 != value) throw tooWide();
            value = (value << 8) | (in.get(Layouts.BYTE, at + i) & 0xFF);
        }
        return value;
    }

    /// As above, written as 16 bytes, lowest first.
    public static void bigEndian128(
            MemorySegment in, long at, int width, MemorySegment out, long offset) {
        if (width <= 8) {
            wide(bigEndian64(in, at, width), out, offset);
            return;
        }
        long high = bigEndian64(in, at, width - 8);
        long low = 0;
        for (int i = width - 8; i < width; i++)
            low = (low << 8) | (in.get(Layouts.BYTE, at + i) & 0xFF);
        out.set(Layouts.LONG, offset, low);
        out.set(Layouts.LONG, offset + 8, high);
    }

    private static DamagedPage tooWide() {
        return new DamagedPage("has a decimal that doesn't fit its type");
    }
}
