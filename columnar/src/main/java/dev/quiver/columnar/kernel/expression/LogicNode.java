package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// `and` and `or` in Kleene's logic, 64 rows at a time. The right side is evaluated only where the
/// left doesn't decide.
///
/// @param and else or
record LogicNode(boolean and, Node left, Node right) implements Node {
    @Override
    public DataType type() {
        return DataType.BOOL;
    }

    @Override
    public Operand evaluate(Input in, Mask mask) {
        int rows = in.rows();
        Operand a = left.evaluate(in, mask);
        try {
            Mask decided = and ? mask.whereFalse(a, rows) : mask.whereTrue(a, rows);
            Mask open = mask.without(decided, rows);
            if (open.isEmpty(rows)) {
                Operand result = a;
                a = new Operand.Constant(null, DataType.BOOL);
                return result;
            }
            try (Operand b = right.evaluate(in, open)) {
                return combine(a, b, decided, in);
            }
        } finally {
            a.close();
        }
    }

    private Operand combine(Operand a, Operand b, Mask decided, Input in) {
        if (a instanceof Operand.Constant(var x, _) && b instanceof Operand.Constant(var y, _))
            return new Operand.Constant(combine((Boolean) x, (Boolean) y), DataType.BOOL);
        var left = new TruthBits(a);
        var right = new TruthBits(b);
        Buffer values = in.account().allocate(Validity.bytes(in.rows()));
        Buffer validity = null;
        try {
            if (left.alwaysValid() && right.alwaysValid()) {
                combine(left, right, values.segment(), in.words());
            } else {
                validity = in.account().allocate(Validity.bytes(in.rows()));
                combine(left, right, decided, values.segment(), validity.segment(), in);
            }
            return new Operand.Vector(new BoolColumn(in.rows(), values, validity));
        } catch (RuntimeException | Error e) {
            values.close();
            throw e;
        }
    }

    /// Without nulls. Where the right side wasn't evaluated the left decides.
    private void combine(TruthBits a, TruthBits b, MemorySegment to, int words) {
        for (int i = 0; i < words; i++) {
            long word = and ? a.value(i) & b.value(i) : a.value(i) | b.value(i);
            to.set(Layouts.LONG, (long) i << 3, word);
        }
    }

    private void combine(
            TruthBits a,
            TruthBits b,
            Mask decided,
            MemorySegment values,
            MemorySegment validity,
            Input in) {
        long deciding = and ? 0 : -1L;
        for (int i = 0; i < in.words(); i++) {
            long settled = decided.word(i, in.rows());
            // Rows where the right side decides, whatever the left is.
            long decidedByB = b.valid(i) & ~(b.value(i) ^ deciding) & ~settled;
            long forced = settled | decidedByB;
            long both = and ? a.value(i) & b.value(i) : a.value(i) | b.value(i);
            values.set(Layouts.LONG, (long) i << 3, and ? both & ~forced : both | forced);
            validity.set(Layouts.LONG, (long) i << 3, a.valid(i) & b.valid(i) | forced);
        }
    }

    private @Nullable Boolean combine(@Nullable Boolean a, @Nullable Boolean b) {
        boolean deciding = !and;
        if (a != null && a == deciding || b != null && b == deciding) return deciding;
        return a == null || b == null ? null : !deciding;
    }

    @Override
    public void close() {
        left.close();
        right.close();
    }
}
