package dev.quiver.columnar.kernel;

import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.FixedValues;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.schema.DataType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Bounds of a column's values, both included. NaN is greater than all numbers.
///
/// @param low,high of which only those that the column's type uses are looked at
public record Within(DataType type, long low, long high, double lowDouble, double highDouble) {
    /// Whether columns of the type can be asked.
    public static boolean knows(DataType type) {
        return switch (type) {
            case DataType.Int(var bits, var signed) -> signed && bits >= 32;
            case DataType.Decimal(var precision, _) ->
                    precision <= DataType.Decimal.PRECISION_64_MAX;
            case DataType.FloatingPoint(var bits) -> bits == 64;
            case DataType.Date _, DataType.Timestamp _ -> true;
            default -> false;
        };
    }

    /// @param low,high values of the type, as `Values` says; empty for none
    public static Within of(DataType type, Optional<Object> low, Optional<Object> high) {
        boolean isDouble = type instanceof DataType.FloatingPoint;
        return new Within(
                type,
                isDouble ? 0 : low.map(value -> bits(type, value)).orElse(Long.MIN_VALUE),
                isDouble ? 0 : high.map(value -> bits(type, value)).orElse(Long.MAX_VALUE),
                isDouble ? (Double) low.orElse(Double.NEGATIVE_INFINITY) : 0,
                isDouble ? (Double) high.orElse(Double.NaN) : 0);
    }

    private static long bits(DataType type, Object value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment cell = arena.allocate(16, 16);
            FixedValues.set(type, cell, 0, value);
            return FixedColumn.width(type) == 4
                    ? cell.get(Layouts.INT, 0)
                    : cell.get(Layouts.LONG, 0);
        }
    }

    /// Whether all values of the column, nulls aside, are inside.
    public boolean holds(FixedColumn column) {
        Buffer validity = column.validity();
        int rows = column.rows();
        int row = 0;
        while (true) {
            row = firstOutside(column.values(), row, rows);
            if (row == rows) return true;
            // What stands in the place of a null means nothing.
            if (validity == null || Validity.get(validity.segment(), row)) return false;
            row++;
        }
    }

    private int firstOutside(MemorySegment values, int from, int rows) {
        if (type instanceof DataType.FloatingPoint) return doubles(values, from, rows);
        return FixedColumn.width(type) == 4 ? ints(values, from, rows) : longs(values, from, rows);
    }

    private int longs(MemorySegment values, int from, int rows) {
        long min = low;
        long max = high;
        for (int i = from; i < rows; i++) {
            long value = values.get(Layouts.LONG, (long) i << 3);
            if (value < min || value > max) return i;
        }
        return rows;
    }

    private int ints(MemorySegment values, int from, int rows) {
        long min = low;
        long max = high;
        for (int i = from; i < rows; i++) {
            int value = values.get(Layouts.INT, (long) i << 2);
            if (value < min || value > max) return i;
        }
        return rows;
    }

    private int doubles(MemorySegment values, int from, int rows) {
        double min = lowDouble;
        double max = highDouble;
        boolean open = Double.isNaN(max);
        for (int i = from; i < rows; i++) {
            double value = values.get(Layouts.DOUBLE, (long) i << 3);
            boolean inside = value >= min && (open || value <= max);
            if (!inside && !(open && Double.isNaN(value))) return i;
        }
        return rows;
    }
}
