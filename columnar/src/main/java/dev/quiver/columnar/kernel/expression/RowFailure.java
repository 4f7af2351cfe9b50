package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.ColumnValues;
import dev.quiver.error.QuiverException;
import dev.quiver.expression.EvaluationFailure;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Traversal;
import java.util.ArrayList;
import java.util.List;

/// The error of one row: says which, and what it holds.
final class RowFailure {
    private static final int VALUES_SHOWN_MAX = 8;
    private static final int VALUE_CHARS_MAX = 80;

    private RowFailure() {}

    static QuiverException of(EvaluationFailure failure, Expression expression, Input in, int row) {
        return failure.in(expression, where(expression, in, row));
    }

    static List<String> where(Expression expression, Input in, int row) {
        var values = new ArrayList<String>();
        for (String name : Traversal.columns(expression)) {
            if (values.size() == VALUES_SHOWN_MAX || !in.chunk().schema().has(name)) continue;
            String text = String.valueOf(ColumnValues.get(in.chunk().column(name), row));
            if (text.length() > VALUE_CHARS_MAX) text = text.substring(0, VALUE_CHARS_MAX) + "…";
            values.add(name + " = " + text);
        }
        String line = "row: %d of the chunk".formatted(row);
        return List.of(values.isEmpty() ? line : line + ", " + String.join(", ", values));
    }
}
