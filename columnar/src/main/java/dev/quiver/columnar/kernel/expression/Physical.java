package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.FixedValues;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;

/// How values of a type lie in memory, as far as kernels tell it apart.
enum Physical {
    INT,
    LONG,
    DOUBLE,
    BOOL,
    TEXT,
    /// Any other: narrow and unsigned numbers, 128-bit decimals, bytes, nested values.
    OTHER;

    static Physical of(DataType type) {
        return switch (type) {
            case DataType.Bool _ -> BOOL;
            case DataType.Int(int bits, boolean signed) -> {
                if (!signed) yield OTHER;
                if (bits == 32) yield INT;
                yield bits == 64 ? LONG : OTHER;
            }
            case DataType.FloatingPoint(int bits) -> bits == 64 ? DOUBLE : OTHER;
            case DataType.Decimal(int precision, _) ->
                    precision <= DataType.Decimal.PRECISION_64_MAX ? LONG : OTHER;
            case DataType.Date _ -> INT;
            case DataType.Timestamp _, DataType.Time _, DataType.Duration _ -> LONG;
            case DataType.Utf8 _, DataType.Categorical _, DataType.Enumeration _ -> TEXT;
            case DataType.Binary _, DataType.ListOf _, DataType.Struct _ -> OTHER;
        };
    }

    static MemorySegment values(Operand operand) {
        return ((FixedColumn) ((Operand.Vector) operand).column()).values();
    }

    static boolean isConstant(Operand operand) {
        return operand instanceof Operand.Constant;
    }

    /// The bits of a value of a type of at most 8 bytes, the sign extended.
    static long bits(DataType type, Object value) {
        MemorySegment scratch = MemorySegment.ofArray(new byte[16]);
        FixedValues.set(type, scratch, 0, value);
        return switch (FixedColumn.width(type)) {
            case 1 -> scratch.get(Layouts.BYTE, 0);
            case 2 -> scratch.get(Layouts.SHORT, 0);
            case 4 -> scratch.get(Layouts.INT, 0);
            default -> scratch.get(Layouts.LONG, 0);
        };
    }

    static long longOf(Operand operand) {
        var constant = (Operand.Constant) operand;
        Object value = constant.value();
        if (value == null) throw new IllegalStateException("a null constant reached a kernel");
        return bits(constant.type(), value);
    }

    static int intOf(Operand operand) {
        return (int) longOf(operand);
    }

    static double doubleOf(Operand operand) {
        return Double.longBitsToDouble(longOf(operand));
    }
}
