package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.schema.DataType;

/// `not`: null stays null.
record NotNode(Node input) implements Node {
    @Override
    public DataType type() {
        return DataType.BOOL;
    }

    @Override
    public Operand evaluate(Input in, Mask mask) {
        try (Operand operand = input.evaluate(in, mask)) {
            if (operand instanceof Operand.Constant(var value, var type))
                return new Operand.Constant(value instanceof Boolean b ? !b : null, type);
            var column = (BoolColumn) ((Operand.Vector) operand).column();
            Buffer values = in.account().allocate(Validity.bytes(in.rows()));
            for (int i = 0; i < in.words(); i++) {
                long at = (long) i << 3;
                values.segment().set(Layouts.LONG, at, ~column.values().get(Layouts.LONG, at));
            }
            Buffer validity = column.validity();
            return new Operand.Vector(
                    new BoolColumn(in.rows(), values, validity == null ? null : validity.retain()));
        }
    }

    @Override
    public void close() {
        input.close();
    }
}
