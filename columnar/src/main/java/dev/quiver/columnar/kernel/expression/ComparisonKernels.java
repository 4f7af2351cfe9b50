package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.expression.Function;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;

/// Picks the loop for a comparison and its operands' type and shapes. Everything is said by "less"
/// and "equal": the order is total.
final class ComparisonKernels {
    private ComparisonKernels() {}

    @FunctionalInterface
    private interface Loop {
        void run(Operand a, Operand b, boolean equal, long flip, MemorySegment to, int rows);
    }

    static CallNode.Kernel of(Function function, DataType type) {
        return switch (Physical.of(type)) {
            case LONG -> kernel(function, ComparisonKernels::longs);
            case INT -> kernel(function, ComparisonKernels::ints);
            case DOUBLE -> kernel(function, ComparisonKernels::doubles);
            case BOOL -> kernel(function, ComparisonKernels::bools);
            case TEXT -> text(function, type);
            case OTHER -> CallNode.Kernel.NONE;
        };
    }

    private static CallNode.Kernel kernel(Function function, Loop loop) {
        boolean equal = function == Function.EQUAL || function == Function.NOT_EQUAL;
        boolean swap = function == Function.GREATER || function == Function.LESS_EQUAL;
        long flip =
                switch (function) {
                    case NOT_EQUAL, LESS_EQUAL, GREATER_EQUAL -> -1L;
                    default -> 0;
                };
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

    private static void longs(
            Operand a, Operand b, boolean equal, long flip, MemorySegment to, int rows) {
        if (Physical.isConstant(a)) {
            long k = Physical.longOf(a);
            MemorySegment y = Physical.values(b);
            if (equal) LongComparison.equalConstant(y, k, flip, to, rows);
            else LongComparison.constantLess(k, y, flip, to, rows);
        } else if (Physical.isConstant(b)) {
            long k = Physical.longOf(b);
            MemorySegment x = Physical.values(a);
            if (equal) LongComparison.equalConstant(x, k, flip, to, rows);
            else LongComparison.lessConstant(x, k, flip, to, rows);
        } else {
            MemorySegment x = Physical.values(a);
            MemorySegment y = Physical.values(b);
            if (equal) LongComparison.equal(x, y, flip, to, rows);
            else LongComparison.less(x, y, flip, to, rows);
        }
    }

    private static void ints(
            Operand a, Operand b, boolean equal, long flip, MemorySegment to, int rows) {
        if (Physical.isConstant(a)) {
            int k = Physical.intOf(a);
            MemorySegment y = Physical.values(b);
            if (equal) IntComparison.equalConstant(y, k, flip, to, rows);
            else IntComparison.constantLess(k, y, flip, to, rows);
        } else if (Physical.isConstant(b)) {
            int k = Physical.intOf(b);
            MemorySegment x = Physical.values(a);
            if (equal) IntComparison.equalConstant(x, k, flip, to, rows);
            else IntComparison.lessConstant(x, k, flip, to, rows);
        } else {
            MemorySegment x = Physical.values(a);
            MemorySegment y = Physical.values(b);
            if (equal) IntComparison.equal(x, y, flip, to, rows);
            else IntComparison.less(x, y, flip, to, rows);
        }
    }

    private static void doubles(
            Operand a, Operand b, boolean equal, long flip, MemorySegment to, int rows) {
        if (Physical.isConstant(a)) {
            double k = Physical.doubleOf(a);
            MemorySegment y = Physical.values(b);
            if (equal) DoubleComparison.equalConstant(y, k, flip, to, rows);
            else DoubleComparison.constantLess(k, y, flip, to, rows);
        } else if (Physical.isConstant(b)) {
            double k = Physical.doubleOf(b);
            MemorySegment x = Physical.values(a);
            if (equal) DoubleComparison.equalConstant(x, k, flip, to, rows);
            else DoubleComparison.lessConstant(x, k, flip, to, rows);
        } else {
            MemorySegment x = Physical.values(a);
            MemorySegment y = Physical.values(b);
            if (equal) DoubleComparison.equal(x, y, flip, to, rows);
            else DoubleComparison.less(x, y, flip, to, rows);
        }
    }

    private static void bools(
            Operand a, Operand b, boolean equal, long flip, MemorySegment to, int rows) {
        for (int i = 0; i < (rows + 63) >> 6; i++) {
            long x = LogicNode.value(a, i);
            long y = LogicNode.value(b, i);
            to.set(Layouts.LONG, (long) i << 3, (equal ? ~(x ^ y) : ~x & y) ^ flip);
        }
    }

    private static CallNode.Kernel text(Function function, DataType type) {
        if (type instanceof DataType.Enumeration) return CallNode.Kernel.NONE;
        boolean equality = function == Function.EQUAL || function == Function.NOT_EQUAL;
        long flip = function == Function.NOT_EQUAL ? -1L : 0;
        CallNode.Kernel bytes = kernel(function, TextComparison::run);
        return (node, operands, in, mask) -> {
            DictionaryColumn a = coded(operands.get(0));
            DictionaryColumn b = coded(operands.get(1));
            if (equality && a != null && b != null && a.dictionary() == b.dictionary())
                return ArithmeticKernels.bits(
                        operands,
                        in,
                        (to, rows) -> {
                            IntComparison.equal(a.codes(), b.codes(), flip, to, rows);
                            return 0;
                        });
            boolean withConstant =
                    Physical.isConstant(operands.get(0)) || Physical.isConstant(operands.get(1));
            DictionaryColumn column = a == null ? b : a;
            if (column == null || !withConstant) return bytes.run(node, operands, in, mask);
            if (!equality) return null;
            Operand constant = operands.get(a == null ? 0 : 1);
            // The code of a text that isn't there is −1, which no row has.
            int code = column.dictionary().find((String) constantOf(constant));
            if (code >= column.values().size()) code = -1;
            int wanted = code;
            return ArithmeticKernels.bits(
                    operands,
                    in,
                    (to, rows) -> {
                        IntComparison.equalConstant(column.codes(), wanted, flip, to, rows);
                        return 0;
                    });
        };
    }

    static Object constantOf(Operand operand) {
        Object value = ((Operand.Constant) operand).value();
        if (value == null) throw new IllegalStateException("a null constant reached a kernel");
        return value;
    }

    private static @org.jspecify.annotations.Nullable DictionaryColumn coded(Operand operand) {
        return operand instanceof Operand.Vector(DictionaryColumn column) ? column : null;
    }
}
