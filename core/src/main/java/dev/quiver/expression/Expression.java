package dev.quiver.expression;

import dev.quiver.schema.DataType;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What to compute from one row (or, for [Aggregate], from the rows of a group).
///
/// Trees are immutable and compared by value. A tree says columns by name; `Binder` checks it
/// against a schema and makes every conversion an explicit [Cast].
public sealed interface Expression {
    /// The value of a column.
    record Column(String name) implements Expression {}

    /// A constant. The value's class follows the type as [Values] says; null is the null of that
    /// type.
    record Literal(@Nullable Object value, DataType type) implements Expression {}

    /// A function of the arguments.
    record Call(Function function, List<Expression> arguments) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /// The input as another type; a value that doesn't fit is an error.
    record Cast(Expression input, DataType type) implements Expression {}

    /// The value of the first branch whose condition is true, else `otherwise`.
    record Case(List<Branch> branches, Expression otherwise) implements Expression {
        public Case {
            branches = List.copyOf(branches);
            if (branches.isEmpty()) throw new IllegalArgumentException("a case without a branch");
        }
    }

    /// One `when … then …`.
    record Branch(Expression condition, Expression value) {}

    /// Whether the input equals one of the values: SQL's IN.
    record In(Expression input, List<Literal> values) implements Expression {
        public In {
            values = List.copyOf(values);
        }
    }

    /// An aggregate over the rows of a group; empty input means rows are counted. Allowed only
    /// where a plan aggregates; planners take it out before anything is evaluated.
    record Aggregate(
            AggregateFunction function, Optional<Expression> input, Optional<Expression> filter)
            implements Expression {}

    /// A user's function of one value, called for each value that isn't null.
    ///
    /// @param function a serialisable function object of the dataframe module's own type
    /// @param parameter the class the function takes, as [Values] gives it
    /// @param type the type of the result
    record UserCall(Expression input, Serializable function, Class<?> parameter, DataType type)
            implements Expression {}
}
