package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.expression.Casts;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Function;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Picks the loop for an operator and its operands' types and shapes.
final class ArithmeticKernels {
    private ArithmeticKernels() {}

    /// A loop that fills the result's values.
    @FunctionalInterface
    interface Fill {
        /// @return 0 when no row can have failed
        long run(MemorySegment to, int rows);
    }

    /// The loop for one pair of operands.
    @FunctionalInterface
    private interface Loop {
        long run(Operand a, Operand b, MemorySegment to, int rows);
    }

    /// A column of fixed width, filled by a loop and checked row by row if its alarm went off.
    static Column fixed(CallNode node, List<Operand> operands, Input in, Mask mask, Fill fill) {
        int width = FixedColumn.width(node.type());
        Buffer validity = NullBits.all(operands, in);
        Buffer values = null;
        try {
            values = in.account().allocate((long) in.rows() * width);
            long alarm = fill.run(values.segment(), in.rows());
            if (alarm != 0) node.check(operands, in, mask);
            return new FixedColumn(node.type(), in.rows(), values, validity);
        } catch (RuntimeException | Error e) {
            close(values);
            close(validity);
            throw e;
        }
    }

    /// As [#fixed], for truth values: the loop fills whole words of bits.
    static Column bits(List<Operand> operands, Input in, Fill fill) {
        Buffer validity = NullBits.all(operands, in);
        Buffer values = null;
        try {
            values = in.account().allocate(Validity.bytes(in.rows()));
            fill.run(values.segment(), in.rows());
            return new BoolColumn(in.rows(), values, validity);
        } catch (RuntimeException | Error e) {
            close(values);
            close(validity);
            throw e;
        }
    }

    static void close(@Nullable Buffer buffer) {
        if (buffer != null) buffer.close();
    }

    static CallNode.Kernel binary(Function function, List<DataType> types, DataType result) {
        if (result instanceof DataType.Decimal decimal)
            return DecimalKernels.of(
                    function,
                    (DataType.Decimal) types.get(0),
                    (DataType.Decimal) types.get(1),
                    decimal);
        if (types.getFirst() instanceof DataType.Date) return DateKernels.of(function, result);
        if (NarrowKernels.isNarrow(result)) return NarrowKernels.arithmetic(function, result);
        if (Physical.of(types.get(0)) != Physical.of(types.get(1))) return CallNode.Kernel.NONE;
        Loop loop =
                switch (Physical.of(result)) {
                    case LONG -> (a, b, to, rows) -> longs(function, a, b, to, rows);
                    case INT -> (a, b, to, rows) -> ints(function, a, b, to, rows);
                    case DOUBLE -> (a, b, to, rows) -> doubles(function, a, b, to, rows);
                    case BOOL, TEXT, OTHER -> null;
                };
        if (loop == null) return CallNode.Kernel.NONE;
        return (node, operands, in, mask) -> {
            Operand a = operands.get(0);
            Operand b = operands.get(1);
            return fixed(node, operands, in, mask, (to, rows) -> loop.run(a, b, to, rows));
        };
    }

    static long longs(Function function, Operand a, Operand b, MemorySegment to, int rows) {
        if (Physical.isConstant(b)) {
            MemorySegment x = Physical.values(a);
            long k = Physical.longOf(b);
            return switch (function) {
                case ADD -> LongArithmetic.addConstant(x, k, to, rows);
                case SUBTRACT -> LongArithmetic.subtractConstant(x, k, to, rows);
                case MULTIPLY -> LongArithmetic.multiplyConstant(x, k, to, rows);
                default -> LongArithmetic.moduloConstant(x, k, to, rows);
            };
        }
        MemorySegment y = Physical.values(b);
        if (Physical.isConstant(a)) {
            long k = Physical.longOf(a);
            return switch (function) {
                case ADD -> LongArithmetic.addConstant(y, k, to, rows);
                case SUBTRACT -> LongArithmetic.constantSubtract(k, y, to, rows);
                case MULTIPLY -> LongArithmetic.multiplyConstant(y, k, to, rows);
                default -> LongArithmetic.constantModulo(k, y, to, rows);
            };
        }
        MemorySegment x = Physical.values(a);
        return switch (function) {
            case ADD -> LongArithmetic.add(x, y, to, rows);
            case SUBTRACT -> LongArithmetic.subtract(x, y, to, rows);
            case MULTIPLY -> LongArithmetic.multiply(x, y, to, rows);
            default -> LongArithmetic.modulo(x, y, to, rows);
        };
    }

    private static long ints(Function function, Operand a, Operand b, MemorySegment to, int rows) {
        if (Physical.isConstant(b)) {
            MemorySegment x = Physical.values(a);
            int k = Physical.intOf(b);
            return switch (function) {
                case ADD -> IntArithmetic.addConstant(x, k, to, rows);
                case SUBTRACT -> IntArithmetic.subtractConstant(x, k, to, rows);
                case MULTIPLY -> IntArithmetic.multiplyConstant(x, k, to, rows);
                default -> IntArithmetic.moduloConstant(x, k, to, rows);
            };
        }
        MemorySegment y = Physical.values(b);
        if (Physical.isConstant(a)) {
            int k = Physical.intOf(a);
            return switch (function) {
                case ADD -> IntArithmetic.addConstant(y, k, to, rows);
                case SUBTRACT -> IntArithmetic.constantSubtract(k, y, to, rows);
                case MULTIPLY -> IntArithmetic.multiplyConstant(y, k, to, rows);
                default -> IntArithmetic.constantModulo(k, y, to, rows);
            };
        }
        MemorySegment x = Physical.values(a);
        return switch (function) {
            case ADD -> IntArithmetic.add(x, y, to, rows);
            case SUBTRACT -> IntArithmetic.subtract(x, y, to, rows);
            case MULTIPLY -> IntArithmetic.multiply(x, y, to, rows);
            default -> IntArithmetic.modulo(x, y, to, rows);
        };
    }

    static long doubles(Function function, Operand a, Operand b, MemorySegment to, int rows) {
        if (Physical.isConstant(b)) {
            MemorySegment x = Physical.values(a);
            double k = Physical.doubleOf(b);
            switch (function) {
                case ADD -> DoubleArithmetic.addConstant(x, k, to, rows);
                case SUBTRACT -> DoubleArithmetic.subtractConstant(x, k, to, rows);
                case MULTIPLY -> DoubleArithmetic.multiplyConstant(x, k, to, rows);
                case DIVIDE -> DoubleArithmetic.divideConstant(x, k, to, rows);
                default -> DoubleArithmetic.moduloConstant(x, k, to, rows);
            }
            return 0;
        }
        MemorySegment y = Physical.values(b);
        if (Physical.isConstant(a)) {
            double k = Physical.doubleOf(a);
            switch (function) {
                case ADD -> DoubleArithmetic.addConstant(y, k, to, rows);
                case SUBTRACT -> DoubleArithmetic.constantSubtract(k, y, to, rows);
                case MULTIPLY -> DoubleArithmetic.multiplyConstant(y, k, to, rows);
                case DIVIDE -> DoubleArithmetic.constantDivide(k, y, to, rows);
                default -> DoubleArithmetic.constantModulo(k, y, to, rows);
            }
            return 0;
        }
        MemorySegment x = Physical.values(a);
        switch (function) {
            case ADD -> DoubleArithmetic.add(x, y, to, rows);
            case SUBTRACT -> DoubleArithmetic.subtract(x, y, to, rows);
            case MULTIPLY -> DoubleArithmetic.multiply(x, y, to, rows);
            case DIVIDE -> DoubleArithmetic.divide(x, y, to, rows);
            default -> DoubleArithmetic.modulo(x, y, to, rows);
        }
        return 0;
    }

    static CallNode.Kernel unary(Expression.Call call, DataType type) {
        Physical physical = Physical.of(type);
        boolean digits = call.arguments().size() > 1;
        return switch (call.function()) {
            case NEGATE ->
                    switch (physical) {
                        case LONG -> over(UnaryKernels::negateLongs);
                        case INT -> over(UnaryKernels::negateInts);
                        case DOUBLE -> over(UnaryKernels::negateDoubles);
                        default -> CallNode.Kernel.NONE;
                    };
            case ABS ->
                    switch (physical) {
                        case LONG -> over(UnaryKernels::absLongs);
                        case INT -> over(UnaryKernels::absInts);
                        case DOUBLE -> over(UnaryKernels::absDoubles);
                        default -> CallNode.Kernel.NONE;
                    };
            case SQRT -> over(UnaryKernels::squareRoots);
            case FLOOR ->
                    physical == Physical.DOUBLE ? over(UnaryKernels::floors) : CallNode.Kernel.NONE;
            case CEIL ->
                    physical == Physical.DOUBLE ? over(UnaryKernels::ceils) : CallNode.Kernel.NONE;
            case ROUND ->
                    physical == Physical.DOUBLE && !digits
                            ? over(UnaryKernels::rounds)
                            : atDigits(call, physical);
            case IS_NAN ->
                    physical == Physical.DOUBLE
                            ? (_, operands, in, _) ->
                                    ComparisonKernels.packed(
                                            operands,
                                            in,
                                            0,
                                            (to, rows) ->
                                                    DoubleComparison.nans(
                                                            Physical.values(operands.getFirst()),
                                                            (byte) 1,
                                                            to,
                                                            rows))
                            : CallNode.Kernel.NONE;
            default -> CallNode.Kernel.NONE;
        };
    }

    /// `round` at a number of digits behind the point, or before it.
    private static CallNode.Kernel atDigits(Expression.Call call, Physical physical) {
        if (physical != Physical.DOUBLE
                || call.arguments().size() < 2
                || !(call.arguments().get(1) instanceof Expression.Literal(var value, _))
                || !(value instanceof Long digits)
                || digits == 0) return CallNode.Kernel.NONE;
        double power = Math.pow(10, Math.abs((double) digits));
        boolean behind = digits > 0;
        return over((from, to, rows) -> UnaryKernels.rounds(from, power, behind, to, rows));
    }

    /// A loop from one column to another.
    @FunctionalInterface
    interface Map {
        long run(MemorySegment from, MemorySegment to, int rows);
    }

    static CallNode.Kernel over(Map map) {
        return (node, operands, in, mask) ->
                fixed(
                        node,
                        operands,
                        in,
                        mask,
                        (to, rows) -> map.run(Physical.values(operands.getFirst()), to, rows));
    }

    /// Loops of one argument.
    private static final class UnaryKernels {
        static long negateLongs(MemorySegment from, MemorySegment to, int rows) {
            return LongArithmetic.constantSubtract(0, from, to, rows);
        }

        static long negateInts(MemorySegment from, MemorySegment to, int rows) {
            return IntArithmetic.constantSubtract(0, from, to, rows);
        }

        static long negateDoubles(MemorySegment from, MemorySegment to, int rows) {
            for (int i = 0; i < rows; i++) {
                long at = (long) i << 3;
                to.set(Layouts.DOUBLE, at, -from.get(Layouts.DOUBLE, at));
            }
            return 0;
        }

        static long absLongs(MemorySegment from, MemorySegment to, int rows) {
            long alarm = 0;
            for (int i = 0; i < rows; i++) {
                long at = (long) i << 3;
                long size = Math.abs(from.get(Layouts.LONG, at));
                alarm |= size;
                to.set(Layouts.LONG, at, size);
            }
            return alarm & Long.MIN_VALUE;
        }

        static long absInts(MemorySegment from, MemorySegment to, int rows) {
            int alarm = 0;
            for (int i = 0; i < rows; i++) {
                long at = (long) i << 2;
                int size = Math.abs(from.get(Layouts.INT, at));
                alarm |= size;
                to.set(Layouts.INT, at, size);
            }
            return alarm & Integer.MIN_VALUE;
        }

        static long absDoubles(MemorySegment from, MemorySegment to, int rows) {
            for (int i = 0; i < rows; i++) {
                long at = (long) i << 3;
                to.set(Layouts.DOUBLE, at, Math.abs(from.get(Layouts.DOUBLE, at)));
            }
            return 0;
        }

        static long squareRoots(MemorySegment from, MemorySegment to, int rows) {
            for (int i = 0; i < rows; i++) {
                long at = (long) i << 3;
                to.set(Layouts.DOUBLE, at, Math.sqrt(from.get(Layouts.DOUBLE, at)));
            }
            return 0;
        }

        static long floors(MemorySegment from, MemorySegment to, int rows) {
            for (int i = 0; i < rows; i++) {
                long at = (long) i << 3;
                to.set(Layouts.DOUBLE, at, Math.floor(from.get(Layouts.DOUBLE, at)));
            }
            return 0;
        }

        static long ceils(MemorySegment from, MemorySegment to, int rows) {
            for (int i = 0; i < rows; i++) {
                long at = (long) i << 3;
                to.set(Layouts.DOUBLE, at, Math.ceil(from.get(Layouts.DOUBLE, at)));
            }
            return 0;
        }

        static long rounds(
                MemorySegment from, double power, boolean behind, MemorySegment to, int rows) {
            for (int i = 0; i < rows; i++) {
                long at = (long) i << 3;
                double number = from.get(Layouts.DOUBLE, at);
                double rounded =
                        behind
                                ? Casts.roundHalfAway(number * power) / power
                                : Casts.roundHalfAway(number / power) * power;
                double beyond = behind ? number : 0;
                to.set(Layouts.DOUBLE, at, Double.isFinite(rounded) ? rounded : beyond);
            }
            return 0;
        }

        static long rounds(MemorySegment from, MemorySegment to, int rows) {
            for (int i = 0; i < rows; i++) {
                long at = (long) i << 3;
                to.set(Layouts.DOUBLE, at, Casts.roundHalfAway(from.get(Layouts.DOUBLE, at)));
            }
            return 0;
        }
    }
}
