package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.Dictionary;
import dev.quiver.schema.DataType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `case` and `coalesce`: each value is evaluated only for the rows that take it.
final class ChoiceNode implements Node {
    private final List<Node> conditions;
    private final List<Node> values;
    private final DataType type;
    private @Nullable Dictionary dictionary;

    /// @param conditions of a case, one fewer than values; none for coalesce
    ChoiceNode(List<Node> conditions, List<Node> values, DataType type) {
        this.conditions = List.copyOf(conditions);
        this.values = List.copyOf(values);
        this.type = type;
    }

    @Override
    public DataType type() {
        return type;
    }

    @Override
    public Operand evaluate(Input in, Mask mask) {
        var pieces = new ArrayList<Blend.Piece>();
        try {
            if (conditions.isEmpty()) firstValues(pieces, in, mask);
            else branches(pieces, in, mask);
            return new Operand.Vector(Blend.of(pieces, type, in, () -> dictionary(in)));
        } finally {
            pieces.forEach(piece -> piece.operand().close());
        }
    }

    private Dictionary dictionary(Input in) {
        if (dictionary == null) dictionary = new Dictionary(in.account());
        return dictionary;
    }

    private void branches(List<Blend.Piece> pieces, Input in, Mask mask) {
        int rows = in.rows();
        Mask open = mask;
        for (int i = 0; i < conditions.size() && !open.isEmpty(rows); i++) {
            Mask taken;
            try (Operand condition = conditions.get(i).evaluate(in, open)) {
                taken = open.whereTrue(condition, rows);
            }
            if (taken.isEmpty(rows)) continue;
            pieces.add(new Blend.Piece(values.get(i).evaluate(in, taken), taken));
            open = open.without(taken, rows);
        }
        if (!open.isEmpty(rows))
            pieces.add(new Blend.Piece(values.getLast().evaluate(in, open), open));
    }

    private void firstValues(List<Blend.Piece> pieces, Input in, Mask mask) {
        int rows = in.rows();
        Mask open = mask;
        for (int i = 0; i < values.size() && !open.isEmpty(rows); i++) {
            Operand operand = values.get(i).evaluate(in, open);
            Mask taken = open.whereValid(operand, rows);
            pieces.add(new Blend.Piece(operand, taken));
            open = open.without(taken, rows);
        }
    }

    @Override
    public void close() {
        if (dictionary != null) dictionary.close();
        dictionary = null;
        conditions.forEach(Node::close);
        values.forEach(Node::close);
    }
}
