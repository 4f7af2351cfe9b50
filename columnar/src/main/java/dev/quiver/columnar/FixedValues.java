package dev.quiver.columnar;

import dev.quiver.columnar.memory.Layouts;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;

/// How Java values become the fixed-width values of [FixedColumn].
public final class FixedValues {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private FixedValues() {}

    /// Writes a value into row `row` of a column of `type`.
    ///
    /// @throws ArithmeticException when the value doesn't fit the type
    /// @throws ClassCastException when the value is of another class than `Values` says
    public static void set(DataType type, MemorySegment values, int row, Object value) {
        switch (type) {
            case DataType.Int(var bits, _) -> setInteger(bits, values, row, (Number) value);
            case DataType.FloatingPoint(var bits) -> setFloating(bits, values, row, (Number) value);
            case DataType.Decimal(var precision, var scale) -> {
                BigInteger unscaled = ((BigDecimal) value).setScale(scale).unscaledValue();
                if (precision <= DataType.Decimal.PRECISION_64_MAX)
                    values.set(Layouts.LONG, row * 8L, unscaled.longValueExact());
                else setWide(values, row * 16L, unscaled);
            }
            case DataType.Date _ ->
                    values.set(
                            Layouts.INT,
                            row * 4L,
                            Math.toIntExact(((LocalDate) value).toEpochDay()));
            case DataType.Timestamp(var unit, _) ->
                    values.set(Layouts.LONG, row * 8L, units(value, unit));
            case DataType.Time(var unit) ->
                    values.set(
                            Layouts.LONG,
                            row * 8L,
                            ((LocalTime) value).toNanoOfDay()
                                    / (NANOS_PER_SECOND / unit.perSecond()));
            case DataType.Duration(var unit) -> {
                Duration length = (Duration) value;
                values.set(
                        Layouts.LONG, row * 8L, units(length.getSeconds(), length.getNano(), unit));
            }
            case DataType.Bool _,
                    DataType.Utf8 _,
                    DataType.Binary _,
                    DataType.Categorical _,
                    DataType.Enumeration _,
                    DataType.ListOf _,
                    DataType.Struct _ ->
                    throw new IllegalArgumentException(type + " has no fixed width");
        }
    }

    private static void setInteger(int bits, MemorySegment values, int row, Number value) {
        long number =
                value instanceof BigInteger big && bits == 64 ? big.longValue() : value.longValue();
        switch (bits) {
            case 8 -> values.set(Layouts.BYTE, row, (byte) number);
            case 16 -> values.set(Layouts.SHORT, row * 2L, (short) number);
            case 32 -> values.set(Layouts.INT, row * 4L, (int) number);
            default -> values.set(Layouts.LONG, row * 8L, number);
        }
    }

    private static void setFloating(int bits, MemorySegment values, int row, Number value) {
        switch (bits) {
            case 16 ->
                    values.set(Layouts.SHORT, row * 2L, Float.floatToFloat16(value.floatValue()));
            case 32 -> values.set(Layouts.FLOAT, row * 4L, value.floatValue());
            default -> values.set(Layouts.DOUBLE, row * 8L, value.doubleValue());
        }
    }

    /// Writes a 128-bit integer.
    public static void setWide(MemorySegment values, long offset, BigInteger value) {
        if (value.bitLength() > 127) throw new ArithmeticException("more than 128 bits: " + value);
        values.set(Layouts.LONG, offset, value.longValue());
        values.set(Layouts.LONG, offset + 8, value.shiftRight(64).longValue());
    }

    private static long units(Object value, DataType.TimeUnit unit) {
        Instant instant =
                value instanceof LocalDateTime local
                        ? local.toInstant(ZoneOffset.UTC)
                        : (Instant) value;
        return units(instant.getEpochSecond(), instant.getNano(), unit);
    }

    private static long units(long seconds, int nanos, DataType.TimeUnit unit) {
        return Math.addExact(
                Math.multiplyExact(seconds, unit.perSecond()),
                nanos / (NANOS_PER_SECOND / unit.perSecond()));
    }
}
