package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.expression.Moments;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// Picks the loop that turns values of one type into another's; some casts only rename the type.
final class CastKernels {
    private static final double LONG_LIMIT = 0x1p63;
    private static final double INT_LIMIT = 0x1p31;
    private static final long EXACT_IN_DOUBLE_MAX = 1L << 53;

    private CastKernels() {}

    static CallNode.Kernel of(DataType from, DataType to) {
        if (DataType.isText(from) && DataType.isText(to)) return text(to);
        return switch (from) {
            case DataType.Int whole -> whole(whole, to);
            case DataType.FloatingPoint(int bits) -> floating(bits, to);
            case DataType.Decimal decimal -> decimal(decimal, to);
            case DataType.Date _ -> date(to);
            case DataType.Timestamp timestamp -> timestamp(timestamp, to);
            default -> CallNode.Kernel.NONE;
        };
    }

    /// The same bits under another type; the caller owns the result.
    private static CallNode.Kernel renamed() {
        return (node, operands, _, _) -> {
            var column = (FixedColumn) ((Operand.Vector) operands.getFirst()).column();
            return new FixedColumn(
                    node.type(), column.rows(), column.valuesBuffer().retain(), retained(column));
        };
    }

    private static @Nullable Buffer retained(Column column) {
        Buffer validity = column.validity();
        return validity == null ? null : validity.retain();
    }

    /// Encoded texts stay encoded; what must be checked or encoded goes the general way.
    private static CallNode.Kernel text(DataType to) {
        if (to instanceof DataType.Enumeration) return CallNode.Kernel.NONE;
        return (_, operands, _, _) ->
                switch (((Operand.Vector) operands.getFirst()).column()) {
                    case DictionaryColumn coded -> renamed(coded, to);
                    case VariableColumn plain when to instanceof DataType.Utf8 -> plain.retain();
                    default -> null;
                };
    }

    static Column renamed(DictionaryColumn column, DataType to) {
        return new DictionaryColumn(
                to,
                column.rows(),
                column.codesBuffer().retain(),
                column.dictionary(),
                column.values().retain(),
                retained(column));
    }

    private static CallNode.Kernel whole(DataType.Int from, DataType to) {
        int width = from.bits() >> 3;
        boolean unsigned64 = width == 8 && !from.signed();
        if (unsigned64) return CallNode.Kernel.NONE;
        return switch (Physical.of(to)) {
            case DOUBLE ->
                    ArithmeticKernels.over(
                            (x, r, rows) -> toDoubles(x, width, from.signed(), r, rows));
            case INT -> {
                if (!(to instanceof DataType.Int)) yield CallNode.Kernel.NONE;
                yield width == 8
                        ? ArithmeticKernels.over(CastKernels::longsToInts)
                        : smallToInts(width, from.signed());
            }
            case LONG -> {
                if (to instanceof DataType.Int)
                    yield ArithmeticKernels.over(
                            (x, r, rows) -> toLongs(x, width, from.signed(), r, rows));
                if (to instanceof DataType.Decimal(int precision, int scale)) {
                    long factor = DecimalKernels.power(scale);
                    long limit = DecimalKernels.power(precision);
                    yield ArithmeticKernels.over((x, r, rows) -> {
                        toLongs(x, width, from.signed(), r, rows);
                        return scaleUp(r, factor, limit, r, rows);
                    });
                }
                yield CallNode.Kernel.NONE;
            }
            case BOOL, TEXT, OTHER -> CallNode.Kernel.NONE;
        };
    }

    private static CallNode.Kernel smallToInts(int width, boolean signed) {
        if (width == 4) return CallNode.Kernel.NONE;
        return ArithmeticKernels.over((x, to, rows) -> {
            for (int i = 0; i < rows; i++)
                to.set(Layouts.INT, (long) i << 2, (int) whole(x, width, signed, i));
            return 0;
        });
    }

    private static long whole(MemorySegment values, int width, boolean signed, int row) {
        long value =
                switch (width) {
                    case 1 -> values.get(Layouts.BYTE, row);
                    case 2 -> values.get(Layouts.SHORT, (long) row << 1);
                    case 4 -> values.get(Layouts.INT, (long) row << 2);
                    default -> values.get(Layouts.LONG, (long) row << 3);
                };
        return signed ? value : value & (1L << (width << 3)) - 1;
    }

    static long toLongs(MemorySegment x, int width, boolean signed, MemorySegment to, int rows) {
        if (width == 4 && signed) {
            for (int i = 0; i < rows; i++)
                to.set(Layouts.LONG, (long) i << 3, x.get(Layouts.INT, (long) i << 2));
        } else {
            for (int i = 0; i < rows; i++)
                to.set(Layouts.LONG, (long) i << 3, whole(x, width, signed, i));
        }
        return 0;
    }

    private static long toDoubles(
            MemorySegment x, int width, boolean signed, MemorySegment to, int rows) {
        if (width == 4 && signed) {
            for (int i = 0; i < rows; i++)
                to.set(Layouts.DOUBLE, (long) i << 3, x.get(Layouts.INT, (long) i << 2));
        } else if (width == 8) {
            for (int i = 0; i < rows; i++)
                to.set(Layouts.DOUBLE, (long) i << 3, (double) x.get(Layouts.LONG, (long) i << 3));
        } else {
            for (int i = 0; i < rows; i++)
                to.set(Layouts.DOUBLE, (long) i << 3, (double) whole(x, width, signed, i));
        }
        return 0;
    }

    private static long longsToInts(MemorySegment x, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long value = x.get(Layouts.LONG, (long) i << 3);
            alarm |= value ^ (int) value;
            to.set(Layouts.INT, (long) i << 2, (int) value);
        }
        return alarm;
    }

    private static CallNode.Kernel floating(int bits, DataType to) {
        if (bits == 32 && Physical.of(to) == Physical.DOUBLE)
            return ArithmeticKernels.over((x, r, rows) -> {
                for (int i = 0; i < rows; i++)
                    r.set(Layouts.DOUBLE, (long) i << 3, x.get(Layouts.FLOAT, (long) i << 2));
                return 0;
            });
        if (bits != 64 || !(to instanceof DataType.Int)) return CallNode.Kernel.NONE;
        return switch (Physical.of(to)) {
            case LONG -> ArithmeticKernels.over(CastKernels::doublesToLongs);
            case INT -> ArithmeticKernels.over(CastKernels::doublesToInts);
            default -> CallNode.Kernel.NONE;
        };
    }

    private static long doublesToLongs(MemorySegment x, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            double value = Math.rint(x.get(Layouts.DOUBLE, (long) i << 3));
            alarm |= value >= -LONG_LIMIT && value < LONG_LIMIT ? 0 : 1;
            to.set(Layouts.LONG, (long) i << 3, (long) value);
        }
        return alarm;
    }

    private static long doublesToInts(MemorySegment x, MemorySegment to, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            double value = Math.rint(x.get(Layouts.DOUBLE, (long) i << 3));
            alarm |= value >= -INT_LIMIT && value < INT_LIMIT ? 0 : 1;
            to.set(Layouts.INT, (long) i << 2, (int) value);
        }
        return alarm;
    }

    private static CallNode.Kernel decimal(DataType.Decimal from, DataType to) {
        if (from.precision() > DataType.Decimal.PRECISION_64_MAX) return CallNode.Kernel.NONE;
        if (Physical.of(to) == Physical.DOUBLE)
            return ArithmeticKernels.over((x, r, rows) -> toDoubles(x, from.scale(), r, rows));
        if (!(to instanceof DataType.Decimal(int precision, int scale))
                || precision > DataType.Decimal.PRECISION_64_MAX) return CallNode.Kernel.NONE;
        if (scale == from.scale() && precision >= from.precision()) return renamed();
        long limit = DecimalKernels.power(precision);
        if (scale >= from.scale()) {
            long factor = DecimalKernels.power(scale - from.scale());
            return ArithmeticKernels.over((x, r, rows) -> scaleUp(x, factor, limit, r, rows));
        }
        long divisor = DecimalKernels.power(from.scale() - scale);
        return ArithmeticKernels.over((x, r, rows) -> scaleDown(x, divisor, limit, r, rows));
    }

    private static long scaleUp(
            MemorySegment x, long factor, long limit, MemorySegment to, int rows) {
        long alarm = LongArithmetic.multiplyConstant(x, factor, to, rows);
        return alarm | DecimalKernels.beyond(to, limit, rows);
    }

    /// Half away from zero.
    private static long scaleDown(
            MemorySegment x, long divisor, long limit, MemorySegment to, int rows) {
        long half = divisor / 2;
        for (int i = 0; i < rows; i++) {
            long value = x.get(Layouts.LONG, (long) i << 3);
            to.set(Layouts.LONG, (long) i << 3, (value + (value < 0 ? -half : half)) / divisor);
        }
        return DecimalKernels.beyond(to, limit, rows);
    }

    /// The nearest number: exact operands make one correctly rounded division.
    private static long toDoubles(MemorySegment x, int scale, MemorySegment to, int rows) {
        double divisor = DecimalKernels.power(scale);
        for (int i = 0; i < rows; i++) {
            long value = x.get(Layouts.LONG, (long) i << 3);
            boolean exact = Math.abs(value) <= EXACT_IN_DOUBLE_MAX;
            double number =
                    exact ? value / divisor : BigDecimal.valueOf(value, scale).doubleValue();
            to.set(Layouts.DOUBLE, (long) i << 3, number);
        }
        return 0;
    }

    private static CallNode.Kernel date(DataType to) {
        if (!(to instanceof DataType.Timestamp(var unit, var zone)) || zone.isPresent())
            return CallNode.Kernel.NONE;
        long perDay = TemporalKernels.SECONDS_PER_DAY * unit.perSecond();
        return ArithmeticKernels.over((x, r, rows) -> {
            long alarm = 0;
            for (int i = 0; i < rows; i++) {
                long day = x.get(Layouts.INT, (long) i << 2);
                long count = day * perDay;
                alarm |= Math.multiplyHigh(day, perDay) ^ count >> 63;
                r.set(Layouts.LONG, (long) i << 3, count);
            }
            return alarm;
        });
    }

    private static CallNode.Kernel timestamp(DataType.Timestamp from, DataType to) {
        if (to instanceof DataType.Timestamp(var unit, var zone)) {
            if (zone.isPresent() != from.zone().isPresent()) return CallNode.Kernel.NONE;
            long high = unit.perSecond();
            long low = from.unit().perSecond();
            if (high == low) return renamed();
            if (high > low)
                return ArithmeticKernels.over(
                        (x, r, rows) -> LongArithmetic.multiplyConstant(x, high / low, r, rows));
            return ArithmeticKernels.over((x, r, rows) -> floorDivide(x, low / high, r, rows));
        }
        boolean date = to instanceof DataType.Date;
        if (!date || !Moments.zone(from).normalized().equals(ZoneOffset.UTC))
            return CallNode.Kernel.NONE;
        var perDay = new FloorDivision(TemporalKernels.SECONDS_PER_DAY * from.unit().perSecond());
        return ArithmeticKernels.over((x, r, rows) -> {
            long alarm = 0;
            for (int i = 0; i < rows; i++) {
                long day = perDay.quotient(x.get(Layouts.LONG, (long) i << 3));
                alarm |= day ^ (int) day;
                r.set(Layouts.INT, (long) i << 2, (int) day);
            }
            return alarm;
        });
    }

    private static long floorDivide(MemorySegment x, long divisor, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            to.set(Layouts.LONG, at, Math.floorDiv(x.get(Layouts.LONG, at), divisor));
        }
        return 0;
    }
}
