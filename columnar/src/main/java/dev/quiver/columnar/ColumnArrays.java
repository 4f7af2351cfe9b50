package dev.quiver.columnar;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;

/// Columns as Java arrays and back, for users' functions over whole columns.
///
/// Where a row is null, what the arrays of numbers have is undefined.
public final class ColumnArrays {
    private ColumnArrays() {}

    /// Whether [#longs] and its inverse know the type: whole numbers, dates, timestamps, times and
    /// durations.
    public static boolean isWhole(DataType type) {
        return switch (type) {
            case DataType.Int _,
                    DataType.Date _,
                    DataType.Timestamp _,
                    DataType.Time _,
                    DataType.Duration _ ->
                    true;
            default -> false;
        };
    }

    /// The values of a column of a whole type; days of dates, units of timestamps, times and
    /// durations.
    ///
    /// @throws ArithmeticException for an uint64 beyond int64
    public static long[] longs(FixedColumn column) {
        int rows = column.rows();
        MemorySegment values = column.values();
        var longs = new long[rows];
        boolean signed = !(column.type() instanceof DataType.Int(_, var sign)) || sign;
        switch (column.width()) {
            case 1 -> {
                for (int i = 0; i < rows; i++) {
                    byte value = values.get(Layouts.BYTE, i);
                    longs[i] = signed ? value : Byte.toUnsignedLong(value);
                }
            }
            case 2 -> {
                for (int i = 0; i < rows; i++) {
                    short value = values.get(Layouts.SHORT, i * 2L);
                    longs[i] = signed ? value : Short.toUnsignedLong(value);
                }
            }
            case 4 -> {
                for (int i = 0; i < rows; i++) {
                    int value = values.get(Layouts.INT, i * 4L);
                    longs[i] = signed ? value : Integer.toUnsignedLong(value);
                }
            }
            default -> {
                MemorySegment.copy(values, Layouts.LONG, 0, longs, 0, rows);
                if (!signed) requireSigned(column, longs);
            }
        }
        return longs;
    }

    private static void requireSigned(FixedColumn column, long[] longs) {
        for (int i = 0; i < longs.length; i++)
            if (longs[i] < 0 && !column.isNull(i))
                throw new ArithmeticException(
                        Long.toUnsignedString(longs[i]) + " is greater than an int64 can be");
    }

    /// The values of a numeric column.
    public static double[] doubles(FixedColumn column) {
        int rows = column.rows();
        MemorySegment values = column.values();
        var doubles = new double[rows];
        switch (column.type()) {
            case DataType.FloatingPoint(var bits) when bits == 64 ->
                    MemorySegment.copy(values, Layouts.DOUBLE, 0, doubles, 0, rows);
            case DataType.FloatingPoint(var bits) when bits == 32 -> {
                for (int i = 0; i < rows; i++) doubles[i] = values.get(Layouts.FLOAT, i * 4L);
            }
            case DataType.Int(var bits, var signed) when signed || bits < 64 -> {
                long[] longs = longs(column);
                for (int i = 0; i < rows; i++) doubles[i] = longs[i];
            }
            default -> {
                for (int i = 0; i < rows; i++)
                    if (ColumnValues.get(column, i) instanceof Number value)
                        doubles[i] = value.doubleValue();
            }
        }
        return doubles;
    }

    /// Which rows are null.
    public static boolean[] nulls(Column column) {
        var nulls = new boolean[column.rows()];
        if (column.nullCount() == 0) return nulls;
        for (int i = 0; i < nulls.length; i++) nulls[i] = column.isNull(i);
        return nulls;
    }

    /// A column of a whole type. The caller owns it.
    ///
    /// @throws ArithmeticException when a value doesn't fit the type
    public static FixedColumn column(DataType type, long[] values, MemoryAccount account) {
        int width = FixedColumn.width(type);
        boolean signed = !(type instanceof DataType.Int(_, var sign)) || sign;
        Buffer buffer = account.allocate((long) values.length * width);
        try {
            MemorySegment to = buffer.segment();
            if (width < 8 || !signed) requireRange(type, values, width * 8, signed);
            switch (width) {
                case 1 -> {
                    for (int i = 0; i < values.length; i++)
                        to.set(Layouts.BYTE, i, (byte) values[i]);
                }
                case 2 -> {
                    for (int i = 0; i < values.length; i++)
                        to.set(Layouts.SHORT, i * 2L, (short) values[i]);
                }
                case 4 -> {
                    for (int i = 0; i < values.length; i++)
                        to.set(Layouts.INT, i * 4L, (int) values[i]);
                }
                default -> MemorySegment.copy(values, 0, to, Layouts.LONG, 0, values.length);
            }
        } catch (RuntimeException | Error e) {
            buffer.close();
            throw e;
        }
        return new FixedColumn(type, values.length, buffer, null);
    }

    private static void requireRange(DataType type, long[] values, int bits, boolean signed) {
        long low = signed ? -(1L << bits - 1) : 0;
        long high = signed ? (1L << bits - 1) - 1 : bits == 64 ? Long.MAX_VALUE : (1L << bits) - 1;
        for (int i = 0; i < values.length; i++)
            if (values[i] < low || values[i] > high)
                throw new ArithmeticException(
                        "%d in row %d is no %s".formatted(values[i], i, type));
    }

    /// A column of floating-point numbers. The caller owns it.
    public static FixedColumn column(
            DataType.FloatingPoint type, double[] values, MemoryAccount account) {
        Buffer buffer = account.allocate((long) values.length * FixedColumn.width(type));
        MemorySegment to = buffer.segment();
        switch (type.bits()) {
            case 64 -> MemorySegment.copy(values, 0, to, Layouts.DOUBLE, 0, values.length);
            case 32 -> {
                for (int i = 0; i < values.length; i++)
                    to.set(Layouts.FLOAT, i * 4L, (float) values[i]);
            }
            default -> {
                for (int i = 0; i < values.length; i++)
                    to.set(Layouts.SHORT, i * 2L, Float.floatToFloat16((float) values[i]));
            }
        }
        return new FixedColumn(type, values.length, buffer, null);
    }

    /// A column of truth values. The caller owns it.
    public static BoolColumn column(boolean[] values, MemoryAccount account) {
        Buffer bits = account.allocateZeroed(Validity.bytes(values.length));
        for (int i = 0; i < values.length; i++)
            if (values[i]) Validity.set(bits.segment(), i, true);
        return new BoolColumn(values.length, bits, null);
    }
}
