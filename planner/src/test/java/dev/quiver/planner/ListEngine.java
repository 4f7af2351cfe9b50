package dev.quiver.planner;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Interpreter;
import dev.quiver.expression.Named;
import dev.quiver.operator.JoinKind;
import dev.quiver.operator.NamedAggregate;
import dev.quiver.operator.OrderBy;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Runs plans over lists, row by row, in the plainest way: what rules must not change.
final class ListEngine {
    /// A row: a value for each column, or nothing for a null.
    record Row(List<Optional<Object>> values) {}

    private final Map<String, List<Row>> tables;
    private final Map<String, Schema> schemas;

    /// @param tables the rows of each leaf, by its label
    /// @param schemas all columns of each leaf
    ListEngine(Map<String, List<Row>> tables, Map<String, Schema> schemas) {
        this.tables = tables;
        this.schemas = schemas;
    }

    List<Row> run(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.ScanCsv scan -> leaf(scan, Optional.empty());
            case LogicalPlan.ScanFiles scan -> leaf(scan, Optional.empty());
            case LogicalPlan.ScanParquet scan -> leaf(scan, scan.filter());
            case LogicalPlan.ScanTable scan -> leaf(scan, Optional.empty());
            case LogicalPlan.Held held -> leaf(held, Optional.empty());
            case LogicalPlan.Filter(var input, var condition, _) ->
                    filtered(run(input), condition, input.schema());
            case LogicalPlan.Project(var input, var columns, _, _) ->
                    projected(run(input), columns, input.schema());
            case LogicalPlan.Aggregate aggregate -> aggregated(aggregate);
            case LogicalPlan.Join join -> joined(join);
            case LogicalPlan.Sort(var input, var keys, _) ->
                    sorted(run(input), keys, input.schema());
            case LogicalPlan.TopK(var input, var keys, var rows, _) ->
                    sorted(run(input), keys, input.schema()).stream().limit(rows).toList();
            case LogicalPlan.Limit(var input, var rows, _) ->
                    run(input).stream().limit(rows).toList();
            case LogicalPlan.Distinct(var input, _) -> List.copyOf(new LinkedHashSet<>(run(input)));
            case LogicalPlan.Union(var inputs, _, _) ->
                    inputs.stream().flatMap(input -> run(input).stream()).toList();
            case LogicalPlan.Expand _,
                    LogicalPlan.MapRecords _,
                    LogicalPlan.MapBatches _,
                    LogicalPlan.Gate _ ->
                    throw new UnsupportedOperationException(plan.label());
        };
    }

    private List<Row> leaf(LogicalPlan leaf, Optional<Expression> filter) {
        Schema all = Objects.requireNonNull(schemas.get(leaf.label()), leaf.label());
        List<Row> rows = Objects.requireNonNull(tables.get(leaf.label()), leaf.label());
        List<Row> kept = filter.isPresent() ? filtered(rows, filter.get(), all) : rows;
        return projected(kept, leaf.schema().names().stream().map(Named::column).toList(), all);
    }

    private static @Nullable Object evaluate(Expression tree, Schema schema, Row row) {
        return Interpreter.of(tree, schema)
                .evaluate(name -> row.values().get(schema.indexOf(name, "a row")).orElse(null));
    }

    private static List<Row> filtered(List<Row> rows, Expression condition, Schema schema) {
        return rows.stream()
                .filter(row -> Boolean.TRUE.equals(evaluate(condition, schema, row)))
                .toList();
    }

    private static List<Row> projected(List<Row> rows, List<Named> columns, Schema schema) {
        return rows.stream().map(row -> projected(row, columns, schema)).toList();
    }

    private static Row projected(Row row, List<Named> columns, Schema schema) {
        var values = new ArrayList<Optional<Object>>();
        for (Named column : columns) {
            values.add(Optional.ofNullable(evaluate(column.expression(), schema, row)));
        }
        return new Row(values);
    }

    private List<Row> aggregated(LogicalPlan.Aggregate plan) {
        Schema schema = plan.input().schema();
        var groups = new LinkedHashMap<Row, List<Row>>();
        if (plan.keys().isEmpty()) groups.put(new Row(List.of()), new ArrayList<>());
        for (Row row : run(plan.input())) {
            groups.computeIfAbsent(projected(row, plan.keys(), schema), _ -> new ArrayList<>())
                    .add(row);
        }
        var rows = new ArrayList<Row>();
        groups.forEach((key, members) -> {
            var values = new ArrayList<>(key.values());
            for (NamedAggregate made : plan.aggregates()) {
                values.add(aggregate(made.aggregate(), members, schema));
            }
            rows.add(new Row(values));
        });
        return rows;
    }

    private static Optional<Object> aggregate(
            Expression.Aggregate aggregate, List<Row> members, Schema schema) {
        List<Row> rows = aggregate.filter().map(f -> filtered(members, f, schema)).orElse(members);
        if (aggregate.input().isEmpty()) return Optional.of((long) rows.size());
        var values = new ArrayList<Object>();
        for (Row row : rows) {
            Object value = evaluate(aggregate.input().get(), schema, row);
            if (value != null) values.add(value);
        }
        return switch (aggregate.function()) {
            case COUNT -> Optional.of((long) values.size());
            case COUNT_DISTINCT -> Optional.of((long) new HashSet<>(values).size());
            case SUM ->
                    values.stream()
                            .map(v -> (Object) ((Number) v).longValue())
                            .reduce((a, b) -> (Long) a + (Long) b);
            case MIN -> values.stream().min(ListEngine::compare);
            case MAX -> values.stream().max(ListEngine::compare);
            case FIRST -> values.stream().findFirst();
            case LAST -> values.stream().reduce((_, b) -> b);
            case MEAN, VARIANCE, STANDARD_DEVIATION ->
                    throw new UnsupportedOperationException(aggregate.function().name());
        };
    }

    private List<Row> joined(LogicalPlan.Join join) {
        List<Row> left = run(join.left());
        List<Row> right = run(join.right());
        var rows = new ArrayList<Row>();
        for (Row row : left) {
            List<Optional<Object>> key = keys(row, join.leftKeys(), join.left().schema());
            List<Row> partners =
                    right.stream()
                            .filter(r ->
                                    key.stream().allMatch(Optional::isPresent)
                                            && key.equals(
                                                    keys(
                                                            r,
                                                            join.rightKeys(),
                                                            join.right().schema())))
                            .toList();
            addJoined(join, row, partners, rows);
        }
        return rows;
    }

    private static void addJoined(
            LogicalPlan.Join join, Row row, List<Row> partners, List<Row> rows) {
        if (join.kind() == JoinKind.SEMI || join.kind() == JoinKind.ANTI) {
            if (partners.isEmpty() == (join.kind() == JoinKind.ANTI)) rows.add(row);
            return;
        }
        for (Row partner : partners) rows.add(beside(join, row, Optional.of(partner)));
        boolean alone = partners.isEmpty() && join.kind() == JoinKind.LEFT;
        if (alone) rows.add(beside(join, row, Optional.empty()));
    }

    private static Row beside(LogicalPlan.Join join, Row row, Optional<Row> partner) {
        var values = new ArrayList<>(row.values());
        for (LogicalPlan.Taken taken : join.taken()) {
            int index = join.right().schema().indexOf(taken.column(), "the right side");
            values.add(partner.flatMap(p -> p.values().get(index)));
        }
        return new Row(values);
    }

    private static List<Optional<Object>> keys(Row row, List<Expression> keys, Schema schema) {
        var values = new ArrayList<Optional<Object>>();
        for (Expression key : keys) {
            values.add(Optional.ofNullable(evaluate(key, schema, row)));
        }
        return values;
    }

    private static List<Row> sorted(List<Row> rows, List<OrderBy> order, Schema schema) {
        Comparator<Row> comparator = (_, _) -> 0;
        for (OrderBy key : order) {
            comparator =
                    comparator.thenComparing((a, b) ->
                            compare(
                                    key,
                                    evaluate(key.expression(), schema, a),
                                    evaluate(key.expression(), schema, b)));
        }
        return rows.stream().sorted(comparator).toList();
    }

    private static int compare(OrderBy key, @Nullable Object a, @Nullable Object b) {
        if (a == null || b == null) {
            if (a == b) return 0;
            return (a == null) == key.nullsFirst() ? -1 : 1;
        }
        return key.descending() ? compare(b, a) : compare(a, b);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // values of one column are of one class
    private static int compare(Object a, Object b) {
        return ((Comparable) a).compareTo(b);
    }
}
