package dev.quiver.columnar.kernel.expression;

import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import dev.quiver.expression.Expression.UserCall;
import dev.quiver.expression.ExpressionPrinter;
import dev.quiver.expression.Interpreter;
import dev.quiver.schema.DataType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A user's function, called for each wanted value that isn't null.
record UserCallNode(UserCall call, Node input, Interpreter.UserFunctions users) implements Node {
    @Override
    public DataType type() {
        return call.type();
    }

    @Override
    public Operand evaluate(Input in, Mask mask) {
        try (Operand operand = input.evaluate(in, mask)) {
            var values = new ArrayList<@Nullable Object>(in.rows());
            for (int row = 0; row < in.rows(); row++) {
                in.account().checkpoint(); // nobody knows how long a user's function takes
                Object value = mask.get(row) ? operand.get(row) : null;
                values.add(value == null ? null : call(value, in, row));
            }
            return new Operand.Vector(Constants.column(values, call.type(), in.account()));
        }
    }

    private @Nullable Object call(Object value, Input in, int row) {
        try {
            return users.call(call.function(), value);
        } catch (QuiverException e) {
            throw e;
        } catch (Exception e) {
            var where = new ArrayList<String>();
            where.add("in: " + ExpressionPrinter.brief(call));
            where.addAll(RowFailure.where(call, in, row));
            throw new TaskFailed(
                    "a user function failed: " + e,
                    List.copyOf(where),
                    "mend the function, or filter such values out first",
                    e);
        }
    }

    @Override
    public void close() {
        input.close();
    }
}
