package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.memory.Layouts;
import dev.quiver.expression.Function;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;

/// Decimals of up to 18 digits, as int64 counts of their last digit.
final class DecimalKernels {
    private static final long[] POWERS_OF_TEN = new long[19];

    static {
        POWERS_OF_TEN[0] = 1;
        for (int i = 1; i < POWERS_OF_TEN.length; i++) POWERS_OF_TEN[i] = POWERS_OF_TEN[i - 1] * 10;
    }

    private DecimalKernels() {}

    /// 10 to the power of 0 … 18.
    static long power(int exponent) {
        return POWERS_OF_TEN[exponent];
    }

    static CallNode.Kernel of(
            Function function, DataType.Decimal x, DataType.Decimal y, DataType.Decimal result) {
        int max = DataType.Decimal.PRECISION_64_MAX;
        if (x.precision() > max || y.precision() > max || result.precision() > max)
            return CallNode.Kernel.NONE;
        long factorX = power(Math.min(max, Math.max(0, result.scale() - x.scale())));
        long factorY = power(Math.min(max, Math.max(0, result.scale() - y.scale())));
        return switch (function) {
            // With at most 18 digits in the result no part of the sum leaves 64 bits.
            case ADD -> sum(factorX, factorY);
            case SUBTRACT -> sum(factorX, -factorY);
            case MULTIPLY -> {
                boolean mayOverflow = x.precision() + y.precision() > result.precision();
                long limit = power(result.precision());
                yield (node, operands, in, mask) ->
                        ArithmeticKernels.fixed(
                                node,
                                operands,
                                in,
                                mask,
                                (to, rows) ->
                                        product(
                                                operands.get(0),
                                                operands.get(1),
                                                mayOverflow ? limit : 0,
                                                to,
                                                rows));
            }
            default ->
                    x.scale() == y.scale()
                            ? (node, operands, in, mask) ->
                                    ArithmeticKernels.fixed(
                                            node,
                                            operands,
                                            in,
                                            mask,
                                            (to, rows) ->
                                                    ArithmeticKernels.longs(
                                                            Function.MODULO,
                                                            operands.get(0),
                                                            operands.get(1),
                                                            to,
                                                            rows))
                            : CallNode.Kernel.NONE;
        };
    }

    private static CallNode.Kernel sum(long factorX, long factorY) {
        return (node, operands, in, mask) -> {
            Operand a = operands.get(0);
            Operand b = operands.get(1);
            return ArithmeticKernels.fixed(
                    node,
                    operands,
                    in,
                    mask,
                    (to, rows) -> {
                        if (Physical.isConstant(b))
                            sum(
                                    Physical.values(a),
                                    factorX,
                                    Physical.longOf(b) * factorY,
                                    to,
                                    rows);
                        else if (Physical.isConstant(a))
                            sum(
                                    Physical.values(b),
                                    factorY,
                                    Physical.longOf(a) * factorX,
                                    to,
                                    rows);
                        else
                            sum(Physical.values(a), factorX, Physical.values(b), factorY, to, rows);
                        return 0;
                    });
        };
    }

    private static void sum(
            MemorySegment values, long factor, long constant, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            to.set(Layouts.LONG, at, values.get(Layouts.LONG, at) * factor + constant);
        }
    }

    private static void sum(
            MemorySegment a,
            long factorA,
            MemorySegment b,
            long factorB,
            MemorySegment to,
            int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 3;
            to.set(
                    Layouts.LONG,
                    at,
                    a.get(Layouts.LONG, at) * factorA + b.get(Layouts.LONG, at) * factorB);
        }
    }

    /// @param limit above any allowed product, or 0 where none can leave its type
    private static long product(Operand a, Operand b, long limit, MemorySegment to, int rows) {
        if (Physical.isConstant(b))
            return product(Physical.values(a), Physical.longOf(b), limit, to, rows);
        if (Physical.isConstant(a))
            return product(Physical.values(b), Physical.longOf(a), limit, to, rows);
        MemorySegment x = Physical.values(a);
        MemorySegment y = Physical.values(b);
        if (limit == 0) {
            LongArithmetic.multiply(x, y, to, rows);
            return 0;
        }
        long alarm = LongArithmetic.multiply(x, y, to, rows);
        return alarm | beyond(to, limit, rows);
    }

    private static long product(
            MemorySegment values, long constant, long limit, MemorySegment to, int rows) {
        long alarm = LongArithmetic.multiplyConstant(values, constant, to, rows);
        return limit == 0 ? 0 : alarm | beyond(to, limit, rows);
    }

    /// Not 0 when a value is at or beyond ±limit.
    static long beyond(MemorySegment values, long limit, int rows) {
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long value = values.get(Layouts.LONG, (long) i << 3);
            alarm |= limit - 1 - value | limit - 1 + value;
        }
        return alarm & Long.MIN_VALUE;
    }
}
