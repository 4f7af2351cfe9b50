package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.expression.Function;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Picks the loop for a comparison and its operands' type and shapes. Everything is said by "less"
/// and "equal": the order is total.
final class ComparisonKernels {
    private ComparisonKernels() {}

    @FunctionalInterface
    private interface Loop {
        void run(Operand a, Operand b, boolean equal, long flip, MemorySegment to, int rows);
    }

    /// A loop that writes a byte a row.
    @FunctionalInterface
    private interface ByteLoop {
        void run(Operand a, Operand b, boolean equal, MemorySegment to, int rows);
    }

    static CallNode.Kernel of(Function function, DataType type) {
        return switch (Physical.of(type)) {
            case LONG -> packed(function, ComparisonKernels::longs);
            case INT -> packed(function, ComparisonKernels::ints);
            case DOUBLE -> packed(function, ComparisonKernels::doubles);
            case BOOL -> kernel(function, ComparisonKernels::bools);
            case TEXT -> text(function, type);
            case OTHER ->
                    NarrowKernels.isNarrow(type)
                            ? NarrowKernels.comparison(function, type)
                            : CallNode.Kernel.NONE;
        };
    }

    private static boolean isEquality(Function function) {
        return function == Function.EQUAL || function == Function.NOT_EQUAL;
    }

    private static boolean isSwapped(Function function) {
        return function == Function.GREATER || function == Function.LESS_EQUAL;
    }

    private static long flip(Function function) {
        return switch (function) {
            case NOT_EQUAL, LESS_EQUAL, GREATER_EQUAL -> -1L;
            default -> 0;
        };
    }

    private static CallNode.Kernel packed(Function function, ByteLoop loop) {
        boolean equal = isEquality(function);
        boolean swap = isSwapped(function);
        long flip = flip(function);
        return (_, operands, in, _) -> {
            Operand a = operands.get(swap ? 1 : 0);
            Operand b = operands.get(swap ? 0 : 1);
            return packed(operands, in, flip, (to, rows) -> loop.run(a, b, equal, to, rows));
        };
    }

    static Column packed(List<Operand> operands, Input in, long flip, PackedBits.Bytes loop) {
        return ArithmeticKernels.bits(
                operands,
                in,
                (to, _) -> {
                    PackedBits.fill(loop, flip, to, in);
                    return 0;
                });
    }

    private static CallNode.Kernel kernel(Function function, Loop loop) {
        boolean equal = isEquality(function);
        boolean swap = isSwapped(function);
        long flip = flip(function);
        return (_, operands, in, _) -> {
            Operand a = operands.get(swap ? 1 : 0);
            Operand b = operands.get(swap ? 0 : 1);
            return ArithmeticKernels.bits(
                    operands,
                    in,
                    (to, rows) -> {
                        loop.run(a, b, equal, flip, to, rows);
                        return 0;
                    });
        };
    }

    private static void longs(Operand a, Operand b, boolean equal, MemorySegment to, int rows) {
        if (Physical.isConstant(a)) {
            long k = Physical.longOf(a);
            MemorySegment y = Physical.values(b);
            if (equal) LongComparison.equalConstant(y, k, to, rows);
            else LongComparison.constantLess(k, y, to, rows);
        } else if (Physical.isConstant(b)) {
            long k = Physical.longOf(b);
            MemorySegment x = Physical.values(a);
            if (equal) LongComparison.equalConstant(x, k, to, rows);
            else LongComparison.lessConstant(x, k, to, rows);
        } else {
            MemorySegment x = Physical.values(a);
            MemorySegment y = Physical.values(b);
            if (equal) LongComparison.equal(x, y, to, rows);
            else LongComparison.less(x, y, to, rows);
        }
    }

    private static void ints(Operand a, Operand b, boolean equal, MemorySegment to, int rows) {
        if (Physical.isConstant(a)) {
            int k = Physical.intOf(a);
            MemorySegment y = Physical.values(b);
            if (equal) IntComparison.equalConstant(y, k, to, rows);
            else IntComparison.constantLess(k, y, to, rows);
        } else if (Physical.isConstant(b)) {
            int k = Physical.intOf(b);
            MemorySegment x = Physical.values(a);
            if (equal) IntComparison.equalConstant(x, k, to, rows);
            else IntComparison.lessConstant(x, k, to, rows);
        } else {
            MemorySegment x = Physical.values(a);
            MemorySegment y = Physical.values(b);
            if (equal) IntComparison.equal(x, y, to, rows);
            else IntComparison.less(x, y, to, rows);
        }
    }

    private static void doubles(Operand a, Operand b, boolean equal, MemorySegment to, int rows) {
        if (Physical.isConstant(a)) {
            double k = Physical.doubleOf(a);
            MemorySegment y = Physical.values(b);
            if (equal) DoubleComparison.equalConstant(y, k, to, rows);
            else DoubleComparison.constantLess(k, y, to, rows);
        } else if (Physical.isConstant(b)) {
            double k = Physical.doubleOf(b);
            MemorySegment x = Physical.values(a);
            if (equal) DoubleComparison.equalConstant(x, k, to, rows);
            else DoubleComparison.lessConstant(x, k, to, rows);
        } else {
            MemorySegment x = Physical.values(a);
            MemorySegment y = Physical.values(b);
            if (equal) DoubleComparison.equal(x, y, to, rows);
            else DoubleComparison.less(x, y, to, rows);
        }
    }

    private static void bools(
            Operand a, Operand b, boolean equal, long flip, MemorySegment to, int rows) {
        var left = new TruthBits(a);
        var right = new TruthBits(b);
        for (int i = 0; i < (rows + 63) >> 6; i++) {
            long x = left.value(i);
            long y = right.value(i);
            to.set(Layouts.LONG, (long) i << 3, (equal ? ~(x ^ y) : ~x & y) ^ flip);
        }
    }

    private static CallNode.Kernel text(Function function, DataType type) {
        if (type instanceof DataType.Enumeration) return CallNode.Kernel.NONE;
        boolean equality = isEquality(function);
        long flip = flip(function);
        var codes = new ConstantCode();
        CallNode.Kernel bytes = kernel(function, TextComparison::run);
        return (node, operands, in, mask) -> {
            DictionaryColumn a = coded(operands.get(0));
            DictionaryColumn b = coded(operands.get(1));
            if (equality && a != null && b != null && a.dictionary() == b.dictionary())
                return packed(
                        operands,
                        in,
                        flip,
                        (to, rows) -> IntComparison.equal(a.codes(), b.codes(), to, rows));
            boolean withConstant =
                    Physical.isConstant(operands.get(0)) || Physical.isConstant(operands.get(1));
            DictionaryColumn column = a == null ? b : a;
            if (column == null || !withConstant) return bytes.run(node, operands, in, mask);
            if (!equality) return null;
            Operand constant = operands.get(a == null ? 0 : 1);
            int wanted = codes.of(TextComparison.bytes(constant), column);
            return packed(
                    operands,
                    in,
                    flip,
                    (to, rows) -> IntComparison.equalConstant(column.codes(), wanted, to, rows));
        };
    }

    static Object constantOf(Operand operand) {
        Object value = ((Operand.Constant) operand).value();
        if (value == null) throw new IllegalStateException("a null constant reached a kernel");
        return value;
    }

    private static @Nullable DictionaryColumn coded(Operand operand) {
        return operand instanceof Operand.Vector(DictionaryColumn column) ? column : null;
    }
}
