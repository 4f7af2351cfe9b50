package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.expression.Function;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Numbers of 8, 16 and unsigned 32 bits and float32: computed as int64 or float64, which hold them
/// all, and brought back.
final class NarrowKernels {
    private NarrowKernels() {}

    /// Whether int64 or float64 holds all values of the type, and it isn't one of them or int32.
    static boolean isNarrow(DataType type) {
        return switch (type) {
            case DataType.Int(int bits, boolean signed) -> bits < 32 || (bits == 32 && !signed);
            case DataType.FloatingPoint(int bits) -> bits == 32;
            default -> false;
        };
    }

    private static DataType wide(DataType type) {
        return type instanceof DataType.Int ? DataType.INT64 : DataType.FLOAT64;
    }

    static CallNode.Kernel comparison(Function function, DataType type) {
        CallNode.Kernel kernel = ComparisonKernels.of(function, wide(type));
        return (node, operands, in, mask) -> {
            List<Operand> widened = widened(operands, in);
            try {
                return kernel.run(node, widened, in, mask);
            } finally {
                widened.forEach(Operand::close);
            }
        };
    }

    static CallNode.Kernel arithmetic(Function function, DataType type) {
        return (node, operands, in, mask) -> {
            List<Operand> widened = widened(operands, in);
            try (Buffer scratch = in.account().allocate(in.rows() * 8L)) {
                MemorySegment results = scratch.segment();
                return ArithmeticKernels.fixed(
                        node,
                        operands,
                        in,
                        mask,
                        (to, rows) -> {
                            Operand a = widened.get(0);
                            Operand b = widened.get(1);
                            if (type instanceof DataType.Int(int bits, boolean signed)) {
                                long alarm = ArithmeticKernels.longs(function, a, b, results, rows);
                                return alarm | narrow(results, bits, signed, to, rows);
                            }
                            ArithmeticKernels.doubles(function, a, b, results, rows);
                            return toFloats(results, to, rows);
                        });
            } finally {
                widened.forEach(Operand::close);
            }
        };
    }

    /// The operands as int64 or float64; the caller closes them.
    private static List<Operand> widened(List<Operand> operands, Input in) {
        var widened = new ArrayList<Operand>();
        try {
            for (Operand operand : operands) {
                DataType type = wide(operand.type());
                widened.add(
                        switch (operand) {
                            case Operand.Constant(var value, _) ->
                                    new Operand.Constant(value, type);
                            case Operand.Vector(Column column) ->
                                    new Operand.Vector(widened((FixedColumn) column, type, in));
                        });
            }
            return widened;
        } catch (RuntimeException | Error e) {
            widened.forEach(Operand::close);
            throw e;
        }
    }

    private static Column widened(FixedColumn column, DataType type, Input in) {
        Buffer values = in.account().allocate(column.rows() * 8L);
        if (column.type() instanceof DataType.Int(int bits, boolean signed))
            CastKernels.toLongs(
                    column.values(), bits >> 3, signed, values.segment(), column.rows());
        else toDoubles(column.values(), values.segment(), column.rows());
        Buffer validity = column.validity();
        return new FixedColumn(
                type, column.rows(), values, validity == null ? null : validity.retain());
    }

    private static void toDoubles(MemorySegment from, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++)
            to.set(Layouts.DOUBLE, (long) i << 3, from.get(Layouts.FLOAT, (long) i << 2));
    }

    private static long toFloats(MemorySegment from, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++)
            to.set(Layouts.FLOAT, (long) i << 2, (float) from.get(Layouts.DOUBLE, (long) i << 3));
        return 0;
    }

    private static long narrow(
            MemorySegment from, int bits, boolean signed, MemorySegment to, int rows) {
        long min = signed ? -1L << (bits - 1) : 0;
        long max = signed ? ~min : (1L << bits) - 1;
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long value = from.get(Layouts.LONG, (long) i << 3);
            alarm |= value - min | max - value;
            switch (bits) {
                case 8 -> to.set(Layouts.BYTE, i, (byte) value);
                case 16 -> to.set(Layouts.SHORT, (long) i << 1, (short) value);
                default -> to.set(Layouts.INT, (long) i << 2, (int) value);
            }
        }
        return alarm & Long.MIN_VALUE;
    }
}
