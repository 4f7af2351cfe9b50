package dev.quiver.io.parquet.kernel;

import dev.quiver.columnar.memory.Layouts;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The least and the greatest of the stored values of one column, in the order that Parquet gives
/// its type.
///
/// NaN is left out; zeros become −0.0 as a minimum and +0.0 as a maximum. Of 128-bit decimals the
/// high and low half are kept.
public final class FixedBounds {
    private enum Order {
        SIGNED,
        UNSIGNED,
        FLOATING,
        WIDE,
        NONE
    }

    private final Order order;
    private boolean known;
    private long min;
    private long max;
    private long minLow;
    private long maxLow;
    private double minNumber;
    private double maxNumber;

    public FixedBounds(DataType type) {
        this.order =
                switch (type) {
                    case DataType.Int(_, var signed) -> signed ? Order.SIGNED : Order.UNSIGNED;
                    case DataType.FloatingPoint(var bits) ->
                            bits == 16 ? Order.NONE : Order.FLOATING;
                    case DataType.Decimal(var precision, _) ->
                            precision <= DataType.Decimal.PRECISION_64_MAX
                                    ? Order.SIGNED
                                    : Order.WIDE;
                    default -> Order.SIGNED;
                };
        clear();
    }

    public void clear() {
        known = false;
        minNumber = Double.POSITIVE_INFINITY;
        maxNumber = Double.NEGATIVE_INFINITY;
        // Unsigned numbers are compared with the highest bit flipped.
        min = Long.MAX_VALUE;
        max = Long.MIN_VALUE;
    }

    public boolean isKnown() {
        return known;
    }

    /// Adds all that `other`, of the same type, bounds.
    public void add(FixedBounds other) {
        if (!other.known) return;
        switch (order) {
            case SIGNED, UNSIGNED -> {
                min = Math.min(min, other.min);
                max = Math.max(max, other.max);
            }
            case FLOATING -> {
                minNumber = Math.min(minNumber, other.minNumber);
                maxNumber = Math.max(maxNumber, other.maxNumber);
            }
            case WIDE -> {
                if (!known || compare(other.min, other.minLow, min, minLow) < 0) {
                    min = other.min;
                    minLow = other.minLow;
                }
                if (!known || compare(other.max, other.maxLow, max, maxLow) > 0) {
                    max = other.max;
                    maxLow = other.maxLow;
                }
            }
            case NONE -> {}
        }
        known = true;
    }

    /// Adds `count` values in stored form.
    public void add(MemorySegment values, long from, int width, int count) {
        if (count == 0) return;
        switch (order) {
            case SIGNED -> addNumbers(values, from, width, count, 0);
            case UNSIGNED -> addNumbers(values, from, width, count, Long.MIN_VALUE);
            case FLOATING -> addFloats(values, from, width, count);
            case WIDE -> addWide(values, from, count);
            case NONE -> {}
        }
    }

    private void addNumbers(MemorySegment values, long from, int width, int count, long flip) {
        long low = min;
        long high = max;
        long mask = flip == 0 ? -1L : 0xFFFF_FFFFL;
        for (int i = 0; i < count; i++) {
            long value =
                    width == 4
                            ? values.get(Layouts.INT, from + i * 4L) & mask
                            : values.get(Layouts.LONG, from + i * 8L);
            value ^= flip;
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        min = low;
        max = high;
        known = true;
    }

    private void addFloats(MemorySegment values, long from, int width, int count) {
        double low = minNumber;
        double high = maxNumber;
        for (int i = 0; i < count; i++) {
            double value =
                    width == 4
                            ? values.get(Layouts.FLOAT, from + i * 4L)
                            : values.get(Layouts.DOUBLE, from + i * 8L);
            if (Double.isNaN(value)) continue;
            known = true;
            if (value < low) low = value;
            if (value > high) high = value;
        }
        minNumber = low;
        maxNumber = high;
    }

    /// Values of 16 bytes, highest byte first.
    private void addWide(MemorySegment values, long from, int count) {
        for (int i = 0; i < count; i++) {
            long high = Long.reverseBytes(values.get(Layouts.LONG, from + i * 16L));
            long low = Long.reverseBytes(values.get(Layouts.LONG, from + i * 16L + 8));
            if (!known || compare(high, low, min, minLow) < 0) {
                min = high;
                minLow = low;
            }
            if (!known || compare(high, low, max, maxLow) > 0) {
                max = high;
                maxLow = low;
            }
            known = true;
        }
    }

    private static int compare(long high1, long low1, long high2, long low2) {
        int order = Long.compare(high1, high2);
        return order != 0 ? order : Long.compareUnsigned(low1, low2);
    }

    /// The least value in stored form.
    public byte[] min(int width) {
        double number = minNumber == 0.0 ? -0.0 : minNumber;
        return bytes(width, min, minLow, number);
    }

    /// The greatest value in stored form.
    public byte[] max(int width) {
        double number = maxNumber == 0.0 ? 0.0 : maxNumber;
        return bytes(width, max, maxLow, number);
    }

    private byte[] bytes(int width, long value, long low, double number) {
        var buffer = ByteBuffer.allocate(width).order(ByteOrder.LITTLE_ENDIAN);
        switch (order) {
            case FLOATING -> {
                if (width == 4) buffer.putFloat((float) number);
                else buffer.putDouble(number);
            }
            case WIDE -> buffer.order(ByteOrder.BIG_ENDIAN).putLong(value).putLong(low);
            case SIGNED, UNSIGNED, NONE -> {
                long stored = order == Order.UNSIGNED ? value ^ Long.MIN_VALUE : value;
                if (width == 4) buffer.putInt((int) stored);
                else buffer.putLong(stored);
            }
        }
        return buffer.array();
    }
}
