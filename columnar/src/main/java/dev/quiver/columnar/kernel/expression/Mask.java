package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import org.jspecify.annotations.Nullable;

/// The rows whose values are wanted. Kernels may compute more rows where that is cheaper; what they
/// make of unwanted ones is undefined, and never an error.
final class Mask {
    static final Mask ALL = new Mask(null);

    private final long @Nullable [] words;

    private Mask(long @Nullable [] words) {
        this.words = words;
    }

    static Mask of(long[] words) {
        return new Mask(words);
    }

    /// The bits of rows `64 * index …`; those behind the last row are 0.
    long word(int index, int rows) {
        int left = rows - (index << 6);
        long tail = left >= 64 ? -1L : (1L << left) - 1;
        return words == null ? tail : words[index] & tail;
    }

    boolean get(int row) {
        return words == null || (words[row >> 6] >>> row & 1) != 0;
    }

    int count(int rows) {
        int count = 0;
        for (int i = 0; i < (rows + 63) >> 6; i++) count += Long.bitCount(word(i, rows));
        return count;
    }

    boolean isEmpty(int rows) {
        for (int i = 0; i < (rows + 63) >> 6; i++) {
            if (word(i, rows) != 0) return false;
        }
        return true;
    }

    /// These rows without those of `other`.
    Mask without(Mask other, int rows) {
        var rest = new long[(rows + 63) >> 6];
        for (int i = 0; i < rest.length; i++) rest[i] = word(i, rows) & ~other.word(i, rows);
        return new Mask(rest);
    }

    /// Those of these rows where a condition is true (`wanted` all ones) or false (0).
    private Mask where(Operand condition, boolean wanted, int rows) {
        if (condition instanceof Operand.Constant(var value, _)) {
            boolean is = value instanceof Boolean truth && truth == wanted;
            return is ? this : new Mask(new long[(rows + 63) >> 6]);
        }
        var column = (BoolColumn) ((Operand.Vector) condition).column();
        Buffer validity = column.validity();
        long flip = wanted ? 0 : -1L;
        var some = new long[(rows + 63) >> 6];
        for (int i = 0; i < some.length; i++) {
            long valid = validity == null ? -1L : Validity.word(validity.segment(), i, rows);
            some[i] = (Validity.word(column.values(), i, rows) ^ flip) & valid & word(i, rows);
        }
        return new Mask(some);
    }

    Mask whereTrue(Operand condition, int rows) {
        return where(condition, true, rows);
    }

    Mask whereFalse(Operand condition, int rows) {
        return where(condition, false, rows);
    }

    /// Those of these rows that hold a value.
    Mask whereValid(Operand operand, int rows) {
        if (operand instanceof Operand.Constant(var value, _))
            return value != null ? this : new Mask(new long[(rows + 63) >> 6]);
        Buffer validity = ((Operand.Vector) operand).validity();
        if (validity == null) return this;
        var some = new long[(rows + 63) >> 6];
        for (int i = 0; i < some.length; i++)
            some[i] = Validity.word(validity.segment(), i, rows) & word(i, rows);
        return new Mask(some);
    }
}
