package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.memory.Layouts;
import dev.quiver.expression.Function;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;

/// A day and a number of days, or the days between two.
final class DateKernels {
    private DateKernels() {}

    static CallNode.Kernel of(Function function, DataType result) {
        long sign = function == Function.SUBTRACT ? -1 : 1;
        if (result instanceof DataType.Date)
            return (node, operands, in, mask) -> {
                Operand days = operands.get(0);
                Operand count = operands.get(1);
                if (Physical.isConstant(days) || !Physical.isConstant(count)) return null;
                long by = Physical.longOf(count);
                if (by == Long.MIN_VALUE) return null;
                return ArithmeticKernels.fixed(
                        node,
                        operands,
                        in,
                        mask,
                        (to, rows) -> shift(Physical.values(days), by * sign, to, rows));
            };
        if (!(result instanceof DataType.Int)) return CallNode.Kernel.NONE;
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
                            return difference(Physical.values(a), Physical.intOf(b), 1, to, rows);
                        if (Physical.isConstant(a))
                            return difference(Physical.values(b), Physical.intOf(a), -1, to, rows);
                        return difference(Physical.values(a), Physical.values(b), to, rows);
                    });
        };
    }

    private static long shift(MemorySegment days, long by, MemorySegment to, int rows) {
        if (by != (int) by) return 1;
        long alarm = 0;
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 2;
            long day = days.get(Layouts.INT, at) + by;
            alarm |= day ^ (int) day;
            to.set(Layouts.INT, at, (int) day);
        }
        return alarm;
    }

    private static long difference(
            MemorySegment days, int from, long sign, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long count = days.get(Layouts.INT, (long) i << 2) - (long) from;
            to.set(Layouts.LONG, (long) i << 3, count * sign);
        }
        return 0;
    }

    private static long difference(MemorySegment a, MemorySegment b, MemorySegment to, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = (long) i << 2;
            long count = a.get(Layouts.INT, at) - (long) b.get(Layouts.INT, at);
            to.set(Layouts.LONG, at << 1, count);
        }
        return 0;
    }
}
