package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.kernel.Within;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Expression.Literal;
import dev.quiver.expression.Function;
import dev.quiver.expression.Traversal;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A condition about one column that a whole chunk can be asked at once, cheaper than row by row:
/// most chunks have no bad row. Can't fail.
sealed interface QuickRule extends AutoCloseable
        permits QuickRule.NoNulls, QuickRule.Bounds, EntryRule {
    /// Whether no row of the chunk breaks the condition.
    boolean passes(Chunk chunk);

    @Override
    default void close() {}

    /// The column has no null.
    record NoNulls(String column) implements QuickRule {
        @Override
        public boolean passes(Chunk chunk) {
            return chunk.column(column).nullCount() == 0;
        }
    }

    /// Values lie between bounds.
    record Bounds(String column, Within within) implements QuickRule {
        @Override
        public boolean passes(Chunk chunk) {
            return chunk.column(column) instanceof FixedColumn values && within.holds(values);
        }
    }

    /// The quick way to ask a condition; empty when there is none.
    static Optional<QuickRule> of(Expression condition, Schema schema, MemoryAccount account) {
        Set<String> columns = Traversal.columns(condition);
        if (columns.size() != 1) return Optional.empty();
        String column = columns.iterator().next();
        DataType type = schema.type(column);
        var asColumn = new Expression.Column(column);
        if (condition.equals(new Expression.Call(Function.IS_NOT_NULL, List.of(asColumn))))
            return Optional.of(new NoNulls(column));
        if (Within.knows(type)) return bounds(condition, asColumn, type);
        boolean asks = type.equals(DataType.UTF8) && EntryRule.canAsk(condition);
        return asks ? Optional.of(new EntryRule(column, condition, account)) : Optional.empty();
    }

    private static Optional<QuickRule> bounds(
            Expression condition, Expression.Column column, DataType type) {
        Optional<Object> low = Optional.empty();
        Optional<Object> high = Optional.empty();
        for (Expression part : Traversal.conjuncts(condition)) {
            boolean fits =
                    part instanceof Expression.Call(var _, var arguments)
                            && arguments.size() == 2
                            && arguments.getFirst().equals(column)
                            && arguments.getLast() instanceof Literal(var value, var literalType)
                            && value != null
                            && literalType.equals(type);
            if (!fits) return Optional.empty();
            var call = (Expression.Call) part;
            Object bound = ((Literal) call.arguments().getLast()).value();
            if (call.function() == Function.GREATER_EQUAL && low.isEmpty())
                low = Optional.ofNullable(bound);
            else if (call.function() == Function.LESS_EQUAL && high.isEmpty())
                high = Optional.ofNullable(bound);
            else return Optional.empty();
        }
        return Optional.of(new Bounds(column.name(), Within.of(type, low, high)));
    }
}
