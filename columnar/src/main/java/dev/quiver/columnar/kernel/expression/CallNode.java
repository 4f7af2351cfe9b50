package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.expression.EvaluationFailure;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Scalar;
import dev.quiver.schema.DataType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A function of columns: by its kernel where there is one, else once a dictionary entry, else row
/// by row through the interpreter's definition.
final class CallNode implements Node {
    /// A loop over whole columns.
    @FunctionalInterface
    interface Kernel {
        /// @param operands no constant null, and not all constant
        /// @return the caller's column, or null when these operands are not of its kind
        @Nullable Column run(CallNode node, List<Operand> operands, Input in, Mask mask);

        Kernel NONE = (_, _, _, _) -> null;
    }

    private final Expression expression;
    private final List<Node> arguments;
    private final DataType type;
    private final Scalar scalar;
    private final Kernel kernel;
    private final boolean strict;
    private @Nullable DictionaryMemo memo;

    /// @param scalar the meaning
    /// @param strict whether the result is null as soon as an argument is
    CallNode(
            Expression expression,
            List<Node> arguments,
            DataType type,
            Scalar scalar,
            Kernel kernel,
            boolean strict) {
        this.expression = expression;
        this.arguments = arguments;
        this.type = type;
        this.scalar = scalar;
        this.kernel = kernel;
        this.strict = strict;
    }

    @Override
    public DataType type() {
        return type;
    }

    @Override
    public Operand evaluate(Input in, Mask mask) {
        var operands = new ArrayList<Operand>();
        try {
            for (Node argument : arguments) operands.add(argument.evaluate(in, mask));
            return evaluate(operands, in, mask);
        } finally {
            operands.forEach(Operand::close);
        }
    }

    private Operand evaluate(List<Operand> operands, Input in, Mask mask) {
        boolean constant = true;
        boolean isNull = false;
        for (Operand operand : operands) {
            if (!(operand instanceof Operand.Constant(var value, _))) constant = false;
            else if (value == null) isNull = true;
        }
        if (isNull && strict) return new Operand.Constant(null, type);
        if (constant) return constant(operands, in, mask);
        Column column = isNull ? null : kernel.run(this, operands, in, mask);
        if (column == null) column = onDictionary(operands, in, mask);
        if (column == null) column = rowByRow(operands, in, mask);
        return new Operand.Vector(column);
    }

    private Operand constant(List<Operand> operands, Input in, Mask mask) {
        if (mask.isEmpty(in.rows())) return new Operand.Constant(null, type);
        int row = 0;
        while (!mask.get(row)) row++;
        return new Operand.Constant(value(operands, in, row), type);
    }

    /// The value of one row by the interpreter's definition.
    @Nullable Object value(List<Operand> operands, Input in, int row) {
        var values = new @Nullable Object[operands.size()];
        for (int i = 0; i < values.length; i++) values[i] = operands.get(i).get(row);
        try {
            return scalar.apply(values);
        } catch (EvaluationFailure failure) {
            throw RowFailure.of(failure, expression, in, row);
        }
    }

    /// Stops at the first wanted row that has no value; rows that aren't wanted or hold a null may
    /// have set a kernel's alarm off.
    void check(List<Operand> operands, Input in, Mask mask) {
        for (int row = 0; row < in.rows(); row++) {
            if (mask.get(row)) value(operands, in, row);
        }
    }

    private @Nullable Column onDictionary(List<Operand> operands, Input in, Mask mask) {
        DictionaryColumn coded = null;
        for (Operand operand : operands) {
            if (!(operand instanceof Operand.Vector(var column))) continue;
            if (coded != null || !(column instanceof DictionaryColumn dictionary)) return null;
            coded = dictionary;
        }
        if (coded == null || !strict || !DictionaryMemo.canHold(type)) return null;
        if (memo == null || !memo.isOf(coded)) {
            if (memo != null) memo.close();
            memo = new DictionaryMemo(type, coded.dictionary());
        }
        return memo.apply(coded, in, mask, row -> value(operands, in, row));
    }

    private Column rowByRow(List<Operand> operands, Input in, Mask mask) {
        var values = new ArrayList<@Nullable Object>(in.rows());
        for (int row = 0; row < in.rows(); row++)
            values.add(mask.get(row) ? value(operands, in, row) : null);
        return Constants.column(values, type, in.account());
    }

    @Override
    public void close() {
        if (memo != null) memo.close();
        memo = null;
        arguments.forEach(Node::close);
    }
}
