package dev.quiver.operator;

import dev.quiver.expression.Expression;
import dev.quiver.expression.Named;
import dev.quiver.schema.Schema;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/// A step that turns each chunk into a chunk and holds nothing back.
///
/// All expressions are bound to the schema that arrives (see `Binder`).
public sealed interface Operator {
    /// Keeps the rows whose condition is true (not false, not null).
    record Filter(Expression condition) implements Operator {}

    /// Makes these columns.
    record Project(List<Named> columns, Schema schema) implements Operator {
        public Project {
            columns = List.copyOf(columns);
        }
    }

    /// Looks each row up in the table which the stage's input `input` built ([Sink.BuildTable]).
    ///
    /// Output columns: those of the arriving chunk, then the table's columns named in `take` (none
    /// for semi and anti joins), under the names of `schema`. Null keys match nothing.
    ///
    /// @param keys as many, and of the same types, as the table's keys
    /// @param take columns of the build side that go to the output
    /// @param schema of the output
    record Probe(int input, JoinKind kind, List<Expression> keys, List<String> take, Schema schema)
            implements Operator {
        public Probe {
            keys = List.copyOf(keys);
            take = List.copyOf(take);
        }
    }

    /// Keeps the partition's first rows; once that many rows of the whole stage are there, the
    /// stage is satisfied.
    record Limit(long rows) implements Operator {}

    /// Makes several rows of each row: for an arriving chunk, one chunk for each projection, in
    /// their order. Meant for few rows (`describe`).
    ///
    /// @param rows projections that all make the columns of `schema`
    record Expand(List<List<Named>> rows, Schema schema) implements Operator {
        public Expand {
            rows = rows.stream().map(List::copyOf).toList();
        }
    }

    /// Calls user code with records: a map when `schema` differs from what arrives, else a filter.
    ///
    /// @param function a serialisable function of the dataframe module's own type
    /// @param input record class that a row becomes
    /// @param output record class of the result, or `Boolean.class` for a filter
    /// @param schema of the output
    record MapRecords(Serializable function, Class<?> input, Class<?> output, Schema schema)
            implements Operator {}

    /// Calls user code with some rows at a time, as columns.
    ///
    /// @param function a serialisable function of the dataframe module's own type
    /// @param schema of the output
    record MapBatches(Serializable function, Schema schema) implements Operator {}

    /// Lets the rows through that fulfil all rules.
    ///
    /// Rules about values come first, then functions of the user's, then what must be unique: a bad
    /// row is counted under the first of them that it breaks. Without a quarantine the first bad
    /// row stops the task with [dev.quiver.error.GateFailed].
    ///
    /// @param rules inputs that they name are the stage's, each a [Sink.BuildTable]
    /// @param rejects whether the bad rows come out, as rows of [Quarantine#SCHEMA], and not the
    ///   good ones
    /// @param hidden columns whose values are shown neither in the quarantine nor in errors
    /// @param schema of the output
    record Gate(
            List<GateRule> rules,
            Optional<Quarantine> quarantine,
            boolean rejects,
            List<String> hidden,
            Schema schema)
            implements Operator {
        public Gate {
            rules = List.copyOf(rules);
            hidden = List.copyOf(hidden);
        }
    }
}
