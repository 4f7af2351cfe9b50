package dev.quiver.operator;

import dev.quiver.expression.Expression;
import java.io.Serializable;
import java.util.List;

/// One thing that a gate asks of every row.
///
/// @param name what people call it, such as `departed`; needn't be unique
/// @param column the column that it is about; empty when it is about several
public record GateRule(String name, String column, Test test) {
    /// What a row must fulfil.
    public sealed interface Test {}

    /// The condition isn't false; null passes, as with SQL's CHECK.
    public record Holds(Expression condition) implements Test {}

    /// The keys are among those of another frame; a null among them passes.
    ///
    /// @param input number of the frame: in a plan, among what the gate refers to; in a pipeline,
    ///   among the stage's inputs, which gives a table of these keys
    /// @param keys bound to the gate's input
    /// @param otherKeys bound to the other frame, of the same types
    public record Known(int input, List<Expression> keys, List<Expression> otherKeys)
            implements Test {
        public Known {
            keys = List.copyOf(keys);
            otherKeys = List.copyOf(otherKeys);
        }
    }

    /// A user's function says yes to the row as a record.
    ///
    /// @param function a serialisable function of the dataframe module's own type
    /// @param parameter the record class that the row becomes
    public record Agrees(Serializable function, Class<?> parameter) implements Test {}

    /// No row of the load before this one has the same keys; a null among them passes.
    ///
    /// @param keys bound to the gate's input
    /// @param seen under which the worker holds the keys of the load; empty for those of the task
    ///   alone
    public record First(List<Expression> keys, String seen) implements Test {
        public First {
            keys = List.copyOf(keys);
        }
    }

    /// No row that was loaded before has the same keys, in this load or an earlier one; a null
    /// among them passes. A row that breaks it isn't bad: it is left out, and counted.
    ///
    /// @param keys bound to the gate's input
    /// @param seen under which the worker holds the keys
    public record Unseen(List<Expression> keys, String seen) implements Test {
        public Unseen {
            keys = List.copyOf(keys);
        }
    }
}
