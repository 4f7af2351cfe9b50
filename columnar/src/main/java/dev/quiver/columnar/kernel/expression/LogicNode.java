package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.schema.DataType;
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
        Buffer values = in.account().allocate(Validity.bytes(in.rows()));
        Buffer validity = in.account().allocate(Validity.bytes(in.rows()));
        long nulls = 0;
        long deciding = and ? 0 : -1L;
        for (int i = 0; i < in.words(); i++) {
            long settled = decided.word(i, in.rows());
            long validA = valid(a, i);
            long validB = valid(b, i);
            long valueA = value(a, i);
            long valueB = value(b, i);
            // Rows where the right side decides, whatever the left is.
            long decidedByB = validB & ~(valueB ^ deciding) & ~settled;
            long valid = validA & validB | settled | decidedByB;
            long value = and ? valueA & valueB : valueA | valueB;
            long forced = settled | decidedByB;
            value = and ? value & ~forced : value | forced;
            values.segment().set(Layouts.LONG, (long) i << 3, value);
            validity.segment().set(Layouts.LONG, (long) i << 3, valid);
            int left = in.rows() - (i << 6);
            nulls |= ~valid & (left >= 64 ? -1L : (1L << left) - 1);
        }
        if (nulls == 0) {
            validity.close();
            return new Operand.Vector(new BoolColumn(in.rows(), values, null));
        }
        return new Operand.Vector(new BoolColumn(in.rows(), values, validity));
    }

    private @Nullable Boolean combine(@Nullable Boolean a, @Nullable Boolean b) {
        boolean deciding = !and;
        if (a != null && a == deciding || b != null && b == deciding) return deciding;
        return a == null || b == null ? null : !deciding;
    }

    static long valid(Operand operand, int word) {
        return switch (operand) {
            case Operand.Constant(var value, _) -> value == null ? 0 : -1L;
            case Operand.Vector(Column column) -> {
                Buffer validity = column.validity();
                yield validity == null ? -1L : validity.segment().get(Layouts.LONG, word * 8L);
            }
        };
    }

    static long value(Operand operand, int word) {
        return switch (operand) {
            case Operand.Constant(var value, _) -> Boolean.TRUE.equals(value) ? -1L : 0;
            case Operand.Vector(Column column) ->
                    ((BoolColumn) column).values().get(Layouts.LONG, word * 8L);
        };
    }

    @Override
    public void close() {
        left.close();
        right.close();
    }
}
