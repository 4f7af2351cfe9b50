package dev.quiver.planner.rule;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.expression.AggregateFunction;
import dev.quiver.expression.Binder;
import dev.quiver.expression.Bound;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Named;
import dev.quiver.operator.NamedAggregate;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Counts different values by making them distinct first, which can be done in parts, when that is
/// all a grouping does and it does it to one expression.
public final class CountOfDistinct implements Rule {
    private static final String VALUE = "#value";

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Rewrite.up(
                plan,
                step -> step instanceof LogicalPlan.Aggregate grouping ? changed(grouping) : step);
    }

    private static LogicalPlan changed(LogicalPlan.Aggregate grouping) {
        Optional<Expression> value = onlyValue(grouping.aggregates());
        if (value.isEmpty()) return grouping;
        LogicalPlan input = grouping.input();
        var fields = new ArrayList<Field>();
        var keys = new ArrayList<Named>();
        for (Named key : grouping.keys()) {
            fields.add(grouping.schema().field(key.name()));
            keys.add(key);
        }
        Bound bound = Binder.bind(value.get(), input.schema(), input.place());
        fields.add(new Field(VALUE, bound.type(), bound.nullable()));
        keys.add(new Named(VALUE, bound.expression()));
        var values =
                new LogicalPlan.Aggregate(
                        input, keys, List.of(), new Schema(fields), grouping.origin());
        var count =
                new Expression.Aggregate(
                        AggregateFunction.COUNT,
                        Optional.of(new Expression.Column(VALUE)),
                        Optional.empty());
        return new LogicalPlan.Aggregate(
                values,
                grouping.keys().stream().map(key -> Named.column(key.name())).toList(),
                grouping.aggregates().stream()
                        .map(made -> new NamedAggregate(made.name(), count, made.type()))
                        .toList(),
                grouping.schema(),
                grouping.origin());
    }

    private static Optional<Expression> onlyValue(List<NamedAggregate> aggregates) {
        Optional<Expression> only = Optional.empty();
        for (NamedAggregate made : aggregates) {
            Expression.Aggregate aggregate = made.aggregate();
            boolean counts =
                    aggregate.function() == AggregateFunction.COUNT_DISTINCT
                            && aggregate.filter().isEmpty();
            if (!counts) return Optional.empty();
            if (only.isPresent() && !only.equals(aggregate.input())) return Optional.empty();
            only = aggregate.input();
        }
        return only;
    }
}
