package dev.quiver.planner.rule;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Named;
import dev.quiver.expression.Traversal;
import dev.quiver.operator.GateRule;
import dev.quiver.operator.NamedAggregate;
import dev.quiver.operator.OrderBy;
import dev.quiver.planner.Widths;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Reads, computes and carries only the columns that something uses.
public final class ProjectionPruning implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return pruned(plan, new LinkedHashSet<>(plan.schema().names()));
    }

    /// The plan with at least the columns in `used`, perhaps more.
    private static LogicalPlan pruned(LogicalPlan plan, Set<String> used) {
        return switch (plan) {
            case LogicalPlan.ScanCsv(var input, var schema, var origin) -> {
                Schema kept = kept(schema, used);
                yield kept.size() == schema.size()
                        ? plan
                        : new LogicalPlan.ScanCsv(input, kept, origin);
            }
            case LogicalPlan.ScanFiles(var input, var schema, var origin) -> {
                Schema kept = kept(schema, used);
                yield kept.size() == schema.size()
                        ? plan
                        : new LogicalPlan.ScanFiles(input, kept, origin);
            }
            case LogicalPlan.ScanTable(var input, var schema, var origin) -> {
                Schema kept = kept(schema, used);
                yield kept.size() == schema.size()
                        ? plan
                        : new LogicalPlan.ScanTable(input, kept, origin);
            }
            case LogicalPlan.ScanParquet(var input, var schema, var filter, var origin) -> {
                Schema kept = kept(schema, used);
                yield kept.size() == schema.size()
                        ? plan
                        : new LogicalPlan.ScanParquet(input, kept, filter, origin);
            }
            case LogicalPlan.Held _ -> plan;
            case LogicalPlan.Filter(_, var condition, _) ->
                    over(plan, with(used, List.of(condition)));
            case LogicalPlan.Project project -> project(project, used);
            case LogicalPlan.Aggregate aggregate -> aggregate(aggregate, used);
            case LogicalPlan.Expand(_, var rows, _, _) -> {
                var needed = new LinkedHashSet<String>();
                for (List<Named> row : rows) addAll(needed, row);
                yield over(plan, needed);
            }
            case LogicalPlan.Join join -> join(join, used);
            case LogicalPlan.Sort(_, var keys, _) -> narrow(plan, withKeys(used, keys));
            case LogicalPlan.TopK(_, var keys, _, _) -> narrow(plan, withKeys(used, keys));
            case LogicalPlan.Limit _ -> over(plan, used);
            case LogicalPlan.Distinct _, LogicalPlan.MapRecords _, LogicalPlan.MapBatches _ ->
                    keepAll(plan);
            case LogicalPlan.Union union -> union(union, used);
            case LogicalPlan.Gate gate -> gate(gate);
        };
    }

    private static LogicalPlan over(LogicalPlan plan, Set<String> used) {
        return Rewrite.inputs(plan, input -> pruned(input, used));
    }

    private static LogicalPlan narrow(LogicalPlan plan, Set<String> used) {
        return Rewrite.inputs(plan, input -> side(input, used));
    }

    private static LogicalPlan keepAll(LogicalPlan plan) {
        return Rewrite.inputs(
                plan, input -> pruned(input, new LinkedHashSet<>(input.schema().names())));
    }

    /// A gate sees all columns, whatever is made of its rows: texts that aren't values are bad rows
    /// in columns that no rule names, too.
    private static LogicalPlan gate(LogicalPlan.Gate gate) {
        var inputs = new ArrayList<LogicalPlan>();
        inputs.add(pruned(gate.input(), new LinkedHashSet<>(gate.input().schema().names())));
        for (int i = 0; i < gate.references().size(); i++) {
            var keys = new LinkedHashSet<String>();
            for (GateRule rule : gate.rules())
                if (rule.test() instanceof GateRule.Known(var input, _, var others) && input == i)
                    others.forEach(key -> keys.addAll(Traversal.columns(key)));
            inputs.add(side(gate.references().get(i), keys));
        }
        boolean same = true;
        for (int i = 0; i < inputs.size(); i++)
            same &= !Rewrite.isOther(gate.inputs().get(i), inputs.get(i));
        return same ? gate : gate.withInputs(inputs);
    }

    private static Set<String> with(Set<String> used, List<Expression> trees) {
        var all = new LinkedHashSet<>(used);
        for (Expression tree : trees) all.addAll(Traversal.columns(tree));
        return all;
    }

    private static Set<String> withKeys(Set<String> used, List<OrderBy> keys) {
        return with(used, keys.stream().map(OrderBy::expression).toList());
    }

    private static void addAll(Set<String> used, List<Named> columns) {
        for (Named column : columns) used.addAll(Traversal.columns(column.expression()));
    }

    /// The used columns; the narrowest one when none is used, since rows must still be counted.
    private static Schema kept(Schema schema, Set<String> used) {
        List<Field> fields =
                schema.fields().stream().filter(field -> used.contains(field.name())).toList();
        if (!fields.isEmpty() || schema.size() == 0) return new Schema(fields);
        return new Schema(List.of(schema.fields().stream().min(BY_WIDTH).orElseThrow()));
    }

    private static final Comparator<Field> BY_WIDTH =
            Comparator.comparingDouble(field -> Widths.of(field.type()));

    private static LogicalPlan project(LogicalPlan.Project project, Set<String> used) {
        Schema kept = kept(project.schema(), used);
        LogicalPlan.Project narrower = project;
        if (kept.size() != project.schema().size()) {
            var names = new HashSet<>(kept.names());
            List<Named> columns =
                    project.columns().stream().filter(c -> names.contains(c.name())).toList();
            narrower = new LogicalPlan.Project(project.input(), columns, kept, project.origin());
        }
        var needed = new LinkedHashSet<String>();
        addAll(needed, narrower.columns());
        return over(narrower, needed);
    }

    private static LogicalPlan aggregate(LogicalPlan.Aggregate aggregate, Set<String> used) {
        LogicalPlan.Aggregate narrower = aggregate;
        List<NamedAggregate> wanted =
                aggregate.aggregates().stream().filter(a -> used.contains(a.name())).toList();
        boolean something = !wanted.isEmpty() || !aggregate.keys().isEmpty();
        if (wanted.size() != aggregate.aggregates().size() && something) {
            var fields = new ArrayList<Field>();
            for (Named key : aggregate.keys()) fields.add(aggregate.schema().field(key.name()));
            for (NamedAggregate made : wanted) fields.add(aggregate.schema().field(made.name()));
            narrower =
                    new LogicalPlan.Aggregate(
                            aggregate.input(),
                            aggregate.keys(),
                            wanted,
                            new Schema(fields),
                            aggregate.origin());
        }
        var needed = new LinkedHashSet<String>();
        addAll(needed, narrower.keys());
        for (NamedAggregate made : narrower.aggregates()) {
            needed.addAll(Traversal.columns(made.aggregate()));
        }
        return over(narrower, needed);
    }

    private static LogicalPlan join(LogicalPlan.Join join, Set<String> used) {
        List<LogicalPlan.Taken> taken =
                join.taken().stream().filter(t -> used.contains(t.name())).toList();
        var left = new LinkedHashSet<String>();
        for (String name : join.left().schema().names()) {
            if (used.contains(name)) left.add(name);
        }
        var right = new LinkedHashSet<String>();
        for (LogicalPlan.Taken column : taken) right.add(column.column());
        LogicalPlan leftInput = side(join.left(), with(left, join.leftKeys()));
        LogicalPlan rightInput = side(join.right(), with(right, join.rightKeys()));
        boolean same =
                !Rewrite.isOther(join.left(), leftInput)
                        && !Rewrite.isOther(join.right(), rightInput)
                        && taken.size() == join.taken().size();
        if (same) return join;
        return LogicalPlan.Join.of(
                leftInput,
                rightInput,
                join.kind(),
                join.leftKeys(),
                join.rightKeys(),
                taken,
                join.build(),
                join.origin());
    }

    private static LogicalPlan side(LogicalPlan plan, Set<String> used) {
        return narrowed(pruned(plan, used), used);
    }

    private static LogicalPlan union(LogicalPlan.Union union, Set<String> used) {
        Schema kept = kept(union.schema(), used);
        var names = new LinkedHashSet<>(kept.names());
        if (kept.size() == union.schema().size()) return over(union, names);
        var inputs = new ArrayList<LogicalPlan>();
        for (LogicalPlan input : union.inputs()) {
            inputs.add(exactly(pruned(input, names), kept.names()));
        }
        return new LogicalPlan.Union(inputs, kept, union.origin());
    }

    /// The plan without columns that nothing uses, where dropping them is worth a step: before rows
    /// are kept or exchanged.
    private static LogicalPlan narrowed(LogicalPlan plan, Set<String> used) {
        if (plan instanceof LogicalPlan.Leaf && !(plan instanceof LogicalPlan.Held)) return plan;
        Schema kept = kept(plan.schema(), used);
        return kept.size() == plan.schema().size() ? plan : exactly(plan, kept.names());
    }

    private static LogicalPlan exactly(LogicalPlan plan, List<String> names) {
        if (plan.schema().names().equals(names)) return plan;
        return new LogicalPlan.Project(
                plan,
                names.stream().map(Named::column).toList(),
                plan.schema().select(names),
                plan.origin());
    }
}
