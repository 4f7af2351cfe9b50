package dev.quiver.dataframe;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.error.ColumnNotFound;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TypeMismatch;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Function;
import dev.quiver.expression.Literals;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The personal columns of a gate, and what becomes of their values behind it.
///
/// @param columns in the order in which they were said
record Privacy(Map<String, Shield> columns) {
    static final Privacy NONE = new Privacy(Map.of());

    Privacy {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }

    /// What is done to a column.
    sealed interface Shield {
        /// The word for it in YAML and in audit logs.
        default String word() {
            return switch (this) {
                case Clear _ -> "clear";
                case Masked _ -> "masked";
                case Hashed _ -> "hashed";
            };
        }
    }

    /// Nothing: its values pass as they are.
    record Clear() implements Shield {}

    /// Its values are hidden.
    ///
    /// @param shown how many code points at the end of a text still show
    record Masked(int shown) implements Shield {}

    /// Its values become hashes.
    record Hashed(HashKey key) implements Shield {}

    /// The same with another column.
    ///
    /// @throws QuiverException when the column is masked or hashed already
    Privacy with(String column, Shield shield) {
        Shield before = columns.getOrDefault(column, new Clear());
        boolean isClear = before instanceof Clear;
        if (!isClear && !(shield instanceof Clear))
            throw Gate.invalid(
                    "column '%s' is %s and %s".formatted(column, before.word(), shield.word()),
                    "say one of mask(…) and hash(…) of a column, once");
        var all = new LinkedHashMap<>(columns);
        if (isClear) all.put(column, shield);
        return new Privacy(all);
    }

    /// The columns whose values mustn't be seen, other than in rows that pass: those of this gate
    /// and of gates before it.
    ///
    /// @param input of the gate
    List<String> names(LogicalPlan input) {
        var names = new LinkedHashSet<>(columns.keySet());
        addHidden(input, names);
        return names.stream().filter(input.schema()::has).toList();
    }

    private static void addHidden(LogicalPlan plan, Set<String> names) {
        if (plan instanceof LogicalPlan.Gate gate) names.addAll(gate.hidden());
        for (LogicalPlan input : plan.inputs()) addHidden(input, names);
    }

    /// The rows that a gate lets through, with their personal columns as they shall be.
    LogicalPlan over(LogicalPlan plan) {
        boolean changes = false;
        var made = new Columns(plan);
        for (Field field : plan.schema().fields()) {
            Optional<Expression> shown = shown(field);
            changes |= shown.isPresent();
            if (shown.isPresent()) made.add(field.name(), shown.get());
            else made.keep(field.name(), field.name());
        }
        return changes ? made.project() : plan;
    }

    /// @throws ColumnNotFound for the first of the columns that the plan lacks
    void check(LogicalPlan plan) {
        for (String column : columns.keySet()) plan.schema().indexOf(column, plan.place());
    }

    private Optional<Expression> shown(Field field) {
        var column = new Expression.Column(field.name());
        return switch (columns.getOrDefault(field.name(), new Clear())) {
            case Clear _ -> Optional.empty();
            case Masked(int shown) -> Optional.of(masked(column, field, shown));
            case Hashed(var key) -> Optional.of(hashed(column, field, key));
        };
    }

    private static Expression masked(Expression column, Field field, int shown) {
        boolean isText = DataType.isText(field.type());
        if (shown > 0 && !isText)
            throw new TypeMismatch(
                    "the gate shows the end of '%s', which is %s and no text"
                            .formatted(field.name(), field.type()),
                    List.of("in: a gate"),
                    "mask it whole with mask(\"%s\"), or hash it".formatted(field.name()));
        Expression.Literal nothing = Literals.of(null);
        if (!isText) return choice(Literals.of(false), column, nothing);
        if (shown == 0) {
            var isThere = new Expression.Call(Function.IS_NOT_NULL, List.of(column));
            return choice(isThere, Literals.of(Ending.STARS), nothing);
        }
        return new Expression.UserCall(
                new Expression.Cast(column, DataType.UTF8),
                new Ending(shown),
                String.class,
                DataType.UTF8);
    }

    private static Expression choice(Expression condition, Expression then, Expression otherwise) {
        return new Expression.Case(List.of(new Expression.Branch(condition, then)), otherwise);
    }

    /// Equal values have equal hashes, whatever their type: it is their text that is hashed.
    private static Expression hashed(Expression column, Field field, HashKey key) {
        Columns.refuseNested(field.type(), column, "a gate's hash");
        return new Expression.UserCall(
                new Expression.Cast(column, DataType.UTF8),
                new KeyedHash(key),
                String.class,
                DataType.UTF8);
    }
}
