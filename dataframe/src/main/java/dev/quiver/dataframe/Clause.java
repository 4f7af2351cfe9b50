package dev.quiver.dataframe;

import dev.quiver.expression.Expression;
import dev.quiver.schema.DataType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One rule of a gate as it was said, not bound to any frame yet.
sealed interface Clause {
    /// The word that says it, in code and in YAML; the rule's name unless another was given.
    default String word() {
        return switch (this) {
            case Type _ -> "type";
            case NotNull _ -> "notNull";
            case Range _ -> "range";
            case Length _ -> "length";
            case Matches _ -> "matches";
            case OneOf _ -> "oneOf";
            case Unique _ -> "unique";
            case ForeignKey _ -> "foreignKey";
            case Check _, Agrees _ -> "check";
            case Fresh _ -> "fresh";
        };
    }

    record Type(String column, DataType type) implements Clause {}

    record NotNull(String column) implements Clause {}

    /// @param min,max at least one of them
    record Range(String column, Optional<Object> min, Optional<Object> max) implements Clause {}

    record Length(String column, long min, long max) implements Clause {}

    record Matches(String column, String regex) implements Clause {}

    record OneOf(String column, List<Object> values) implements Clause {
        public OneOf {
            values = List.copyOf(values);
        }
    }

    record Unique(List<String> columns) implements Clause {
        public Unique {
            columns = List.copyOf(columns);
        }
    }

    /// @param frame empty when `file` names a file
    record ForeignKey(String column, Optional<DataFrame> frame, String file, String of)
            implements Clause {}

    record Check(Expression condition) implements Clause {}

    record Agrees(Class<? extends Record> type, Fn<?, Boolean> function) implements Clause {}

    record Fresh(String column, Duration within) implements Clause {}

    /// A clause and its name.
    record NamedClause(String name, Clause clause) {}
}
