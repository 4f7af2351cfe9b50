package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.expression.Expression.Literal;
import dev.quiver.expression.Scalar;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether values are among the constants of an `in`.
final class Membership {
    private static final int LINEAR_MAX = 8;

    private Membership() {}

    /// By a hash set, for any type.
    static Scalar scalar(List<Literal> values, DataType type) {
        Set<Object> set = HashSet.newHashSet(values.size());
        boolean hasNull = false;
        for (Literal literal : values) {
            Object value = literal.value();
            if (value == null) hasNull = true;
            else set.add(canonical(value));
        }
        boolean nullable = hasNull;
        return arguments -> {
            Object value = arguments[0];
            if (value == null) return values.isEmpty() ? Boolean.FALSE : null;
            if (set.contains(canonical(value))) return true;
            return nullable ? null : Boolean.FALSE;
        };
    }

    /// Equal objects for equal values.
    private static Object canonical(Object value) {
        return switch (value) {
            case Double number -> number == 0 ? 0.0 : number;
            case byte[] bytes -> ByteBuffer.wrap(bytes);
            default -> value;
        };
    }

    static CallNode.Kernel kernel(List<Literal> values, DataType type) {
        Physical physical = Physical.of(type);
        boolean known =
                physical == Physical.LONG
                        || physical == Physical.INT
                        || physical == Physical.DOUBLE;
        if (!known || values.isEmpty()) return CallNode.Kernel.NONE;
        boolean hasNull = values.stream().anyMatch(literal -> literal.value() == null);
        var set = new LongSet(values.size());
        for (Literal literal : values) {
            Object value = literal.value();
            if (value != null) set.add(key(physical, Physical.bits(type, value)));
        }
        return (_, operands, in, _) -> run(physical, set, hasNull, operands, in);
    }

    private static long key(Physical physical, long bits) {
        return physical == Physical.DOUBLE ? key(Double.longBitsToDouble(bits)) : bits;
    }

    /// One pattern of bits for all NaNs and one for both zeros.
    private static long key(double value) {
        return Double.doubleToLongBits(value == 0 ? 0.0 : value);
    }

    private static Column run(
            Physical physical, LongSet set, boolean hasNull, List<Operand> operands, Input in) {
        MemorySegment from = Physical.values(operands.getFirst());
        Column found =
                ArithmeticKernels.bits(
                        operands,
                        in,
                        (to, rows) -> {
                            switch (physical) {
                                case LONG -> longs(from, set, to, rows);
                                case INT -> ints(from, set, to, rows);
                                default -> doubles(from, set, to, rows);
                            }
                            return 0;
                        });
        return hasNull ? unknownUnlessTrue((BoolColumn) found, in) : found;
    }

    /// With a null in the list, what isn't found may still be in it.
    private static Column unknownUnlessTrue(BoolColumn found, Input in) {
        try (found) {
            Buffer validity = in.account().allocate(Validity.bytes(in.rows()));
            @Nullable Buffer old = found.validity();
            for (int i = 0; i < in.words(); i++) {
                long at = (long) i << 3;
                long valid = old == null ? -1L : old.segment().get(Layouts.LONG, at);
                validity.segment()
                        .set(Layouts.LONG, at, valid & found.values().get(Layouts.LONG, at));
            }
            return new BoolColumn(in.rows(), found.valuesBuffer().retain(), validity);
        }
    }

    private static void longs(MemorySegment from, LongSet set, MemorySegment to, int rows) {
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            int count = Math.min(64, rows - base);
            for (int i = 0; i < count; i++) {
                long value = from.get(Layouts.LONG, (long) (base + i) << 3);
                word |= (set.has(value) ? 1L : 0L) << i;
            }
            to.set(Layouts.LONG, base >> 3, word);
        }
    }

    private static void ints(MemorySegment from, LongSet set, MemorySegment to, int rows) {
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            int count = Math.min(64, rows - base);
            for (int i = 0; i < count; i++) {
                long value = from.get(Layouts.INT, (long) (base + i) << 2);
                word |= (set.has(value) ? 1L : 0L) << i;
            }
            to.set(Layouts.LONG, base >> 3, word);
        }
    }

    private static void doubles(MemorySegment from, LongSet set, MemorySegment to, int rows) {
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            int count = Math.min(64, rows - base);
            for (int i = 0; i < count; i++) {
                double value = from.get(Layouts.DOUBLE, (long) (base + i) << 3);
                word |= (set.has(key(value)) ? 1L : 0L) << i;
            }
            to.set(Layouts.LONG, base >> 3, word);
        }
    }

    /// A fixed set of longs: compared one by one while few, else open addressing at half load.
    private static final class LongSet {
        private final long[] few;
        private int count;
        private final long[] slots;
        private final boolean[] used;
        private final int mask;

        LongSet(int sizeMax) {
            few = new long[Math.min(sizeMax, LINEAR_MAX)];
            int capacity = Integer.highestOneBit(Math.max(4, sizeMax * 2)) << 1;
            boolean linear = sizeMax <= LINEAR_MAX;
            slots = new long[linear ? 1 : capacity];
            used = new boolean[slots.length];
            mask = slots.length - 1;
        }

        void add(long value) {
            if (has(value)) return;
            if (slots.length == 1) {
                few[count++] = value;
                return;
            }
            int slot = slot(value);
            slots[slot] = value;
            used[slot] = true;
        }

        boolean has(long value) {
            if (slots.length == 1) {
                boolean found = false;
                for (int i = 0; i < count; i++) found |= few[i] == value;
                return found;
            }
            return used[slot(value)];
        }

        private int slot(long value) {
            int slot = (int) (value * 0x9E3779B97F4A7C15L >>> 40) & mask;
            while (used[slot] && slots[slot] != value) slot = slot + 1 & mask;
            return slot;
        }
    }
}
