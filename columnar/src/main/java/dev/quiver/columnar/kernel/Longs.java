package dev.quiver.columnar.kernel;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.Hashing;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Values of up to 64 bits as longs: numbers widened, bools as 0 and 1, floats as the bits of a
/// double. What rows that are null hold is undefined.
final class Longs {
    private Longs() {}

    /// Whether values of `type` go into a long.
    static boolean fits(DataType type) {
        return switch (type) {
            case DataType.Bool _,
                    DataType.Int _,
                    DataType.FloatingPoint _,
                    DataType.Date _,
                    DataType.Timestamp _,
                    DataType.Time _,
                    DataType.Duration _ ->
                    true;
            case DataType.Decimal(var precision, _) ->
                    precision <= DataType.Decimal.PRECISION_64_MAX;
            case DataType.Utf8 _,
                    DataType.Binary _,
                    DataType.Categorical _,
                    DataType.Enumeration _,
                    DataType.ListOf _,
                    DataType.Struct _ ->
                    false;
        };
    }

    static boolean isFloat(DataType type) {
        return type instanceof DataType.FloatingPoint;
    }

    /// Widens rows `[from, from + count)` of a column whose type [#fits] into `to[0 … count)`.
    static void read(Column column, int from, int count, long[] to) {
        switch (column) {
            case BoolColumn bool -> {
                MemorySegment bits = bool.values();
                for (int i = 0; i < count; i++)
                    to[i] = bits.get(Layouts.BYTE, (from + i) >> 3) >> ((from + i) & 7) & 1;
            }
            case FixedColumn fixed -> readFixed(fixed, from, count, to);
            case Column other -> throw new IllegalArgumentException(other.type() + " as longs");
        }
    }

    private static void readFixed(FixedColumn column, int from, int count, long[] to) {
        MemorySegment values = column.values();
        if (column.type() instanceof DataType.FloatingPoint(var bits)) {
            switch (bits) {
                case 16 -> {
                    for (int i = 0; i < count; i++)
                        to[i] =
                                Double.doubleToRawLongBits(
                                        Float.float16ToFloat(
                                                values.get(Layouts.SHORT, (from + i) * 2L)));
                }
                case 32 -> {
                    for (int i = 0; i < count; i++)
                        to[i] =
                                Double.doubleToRawLongBits(
                                        values.get(Layouts.FLOAT, (from + i) * 4L));
                }
                default -> readLongs(values, from, count, to);
            }
            return;
        }
        boolean signed = !(column.type() instanceof DataType.Int(_, var s)) || s;
        switch (column.width()) {
            case 1 -> {
                for (int i = 0; i < count; i++) to[i] = values.get(Layouts.BYTE, from + (long) i);
            }
            case 2 -> {
                for (int i = 0; i < count; i++) to[i] = values.get(Layouts.SHORT, (from + i) * 2L);
            }
            case 4 -> readInts(values, from, count, to);
            default -> readLongs(values, from, count, to);
        }
        if (!signed && column.width() < 8) {
            long mask = (1L << (column.width() << 3)) - 1;
            for (int i = 0; i < count; i++) to[i] &= mask;
        }
    }

    static void readInts(MemorySegment values, int from, int count, long[] to) {
        for (int i = 0; i < count; i++) to[i] = values.get(Layouts.INT, (from + i) * 4L);
    }

    static void readLongs(MemorySegment values, int from, int count, long[] to) {
        MemorySegment.copy(values, Layouts.LONG, from * 8L, to, 0, count);
    }

    /// Gives every NaN of rows `[from, from + count)` of doubles the same bits: which of the NaNs
    /// that went into a sum comes out is up to how it was compiled.
    static void oneNan(MemorySegment doubles, int from, int count) {
        for (int i = from; i < from + count; i++) {
            double value = doubles.get(Layouts.DOUBLE, i * 8L);
            if (Double.isNaN(value)) doubles.set(Layouts.DOUBLE, i * 8L, Double.NaN);
        }
    }

    /// Makes equal floats equal bits.
    static void canonicalize(long[] bits, int count) {
        for (int i = 0; i < count; i++)
            bits[i] = Hashing.canonical(Double.longBitsToDouble(bits[i]));
    }

    /// Turns longs of `type` into longs whose signed order is the type's: floats with NaN last and
    /// one zero, unsigned 64-bit numbers shifted.
    static void toOrdered(DataType type, long[] values, int count) {
        if (isFloat(type)) {
            for (int i = 0; i < count; i++) values[i] = orderedFloat(values[i]);
        } else if (isUnsigned64(type)) {
            for (int i = 0; i < count; i++) values[i] ^= Long.MIN_VALUE;
        }
    }

    private static long orderedFloat(long bits) {
        long canonical = Hashing.canonical(Double.longBitsToDouble(bits));
        return canonical ^ (canonical >> 63 & Long.MAX_VALUE);
    }

    private static boolean isUnsigned64(DataType type) {
        return type instanceof DataType.Int(var bits, var signed) && bits == 64 && !signed;
    }

    /// The inverse of [#toOrdered].
    static long fromOrdered(DataType type, long ordered) {
        if (isFloat(type)) return ordered ^ (ordered >> 63 & Long.MAX_VALUE);
        return isUnsigned64(type) ? ordered ^ Long.MIN_VALUE : ordered;
    }

    /// A column of `type` out of longs `[from, from + count)` of native memory. The caller owns it.
    ///
    /// @param validity taken over
    static Column column(
            DataType type,
            MemorySegment longs,
            int from,
            int count,
            @Nullable Buffer validity,
            MemoryAccount account) {
        if (type instanceof DataType.Bool) {
            Buffer bits = account.allocateZeroed(Validity.bytes(count));
            for (int i = 0; i < count; i++)
                if (longs.get(Layouts.LONG, (from + i) * 8L) != 0)
                    Validity.set(bits.segment(), i, true);
            return new BoolColumn(count, bits, validity);
        }
        int width = FixedColumn.width(type);
        Buffer values = account.allocate((long) count * width);
        MemorySegment to = values.segment();
        if (width == 8) MemorySegment.copy(longs, from * 8L, to, 0, count * 8L);
        else if (type instanceof DataType.FloatingPoint)
            narrowFloats(width, longs, from, count, to);
        else narrow(width, longs, from, count, to);
        return new FixedColumn(type, count, values, validity);
    }

    private static void narrowFloats(
            int width, MemorySegment longs, int from, int count, MemorySegment to) {
        for (int i = 0; i < count; i++) {
            float narrow =
                    (float) Double.longBitsToDouble(longs.get(Layouts.LONG, (from + i) * 8L));
            if (width == 4) to.set(Layouts.FLOAT, i * 4L, narrow);
            else to.set(Layouts.SHORT, i * 2L, Float.floatToFloat16(narrow));
        }
    }

    private static void narrow(
            int width, MemorySegment longs, int from, int count, MemorySegment to) {
        for (int i = 0; i < count; i++) {
            long value = longs.get(Layouts.LONG, (from + i) * 8L);
            switch (width) {
                case 1 -> to.set(Layouts.BYTE, i, (byte) value);
                case 2 -> to.set(Layouts.SHORT, i * 2L, (short) value);
                default -> to.set(Layouts.INT, i * 4L, (int) value);
            }
        }
    }
}
