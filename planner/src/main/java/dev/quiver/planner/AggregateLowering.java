package dev.quiver.planner;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.expression.AggregateFunction;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Named;
import dev.quiver.expression.Traversal;
import dev.quiver.graph.Dependency;
import dev.quiver.operator.NamedAggregate;
import dev.quiver.operator.Sink;
import dev.quiver.operator.Source;
import dev.quiver.planner.Flow.StageOutput;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Groupings as stages.
///
/// Over one partition all is done at once. Over several, each partition makes a partial table, cut
/// in buckets by the keys, and each bucket is merged, in the order of the partitions; what can't be
/// merged exchanges its rows by the keys first.
final class AggregateLowering {
    private final Drafts drafts;

    AggregateLowering(Drafts drafts) {
        this.drafts = drafts;
    }

    Flow lower(LogicalPlan.Aggregate plan, Flow input, Estimate makes) {
        String label = words(plan.keys(), plan.aggregates());
        boolean small = input.estimate().rows() < Sizes.ROWS_ONE_BUCKET_MAX;
        Flow rows = input.atMost(partialTables(input.estimate()));
        if (rows.partitions == 1) return single(plan, rows, makes, label);
        if (plan.aggregates().stream().allMatch(AggregateLowering::merges)) {
            return inTwoPhases(plan, rows, makes, label, small);
        }
        if (plan.keys().isEmpty()) return single(plan, drafts.gather(rows), makes, label);
        return exchanged(plan, rows, makes, label, small);
    }

    /// Few, as they are merged, but none so large that a worker couldn't have it.
    private int partialTables(Estimate reads) {
        long largest = drafts.limits().groupedPartitionBytes();
        int needed = Sizes.parts(reads.bytes(), largest, Sizes.EXCHANGE_BUCKETS_MAX);
        return Math.max(needed, Sizes.partialTablesMax(reads.rows()));
    }

    private static boolean merges(NamedAggregate made) {
        return made.aggregate().function() != AggregateFunction.COUNT_DISTINCT;
    }

    private static Sink.Aggregate sink(LogicalPlan.Aggregate plan, Sink.Phase phase, int buckets) {
        return new Sink.Aggregate(phase, plan.keys(), plan.aggregates(), plan.schema(), buckets);
    }

    private Flow single(LogicalPlan.Aggregate plan, Flow rows, Estimate makes, String label) {
        return Flow.reading(
                drafts.end(rows, sink(plan, Sink.Phase.SINGLE, 1), plan.schema(), makes, label));
    }

    private Flow inTwoPhases(
            LogicalPlan.Aggregate plan, Flow rows, Estimate makes, String label, boolean small) {
        int buckets = small || plan.keys().isEmpty() ? 1 : Sizes.BUCKETS;
        int tables = rows.partitions;
        double width = Widths.ofRow(plan.schema());
        Estimate states =
                Estimate.about(
                        Math.min((double) makes.rows() * tables, (double) rows.estimate().rows()),
                        width);
        Sink partial = sink(plan, Sink.Phase.PARTIAL, buckets);
        StageOutput parts = drafts.end(rows, partial, plan.schema(), states, label + " (partial)");
        return Flow.reading(
                drafts.end(
                        buckets(parts, buckets),
                        sink(plan, Sink.Phase.FINAL, 1),
                        plan.schema(),
                        makes,
                        label + " (merge)"));
    }

    private Flow exchanged(
            LogicalPlan.Aggregate plan, Flow rows, Estimate makes, String label, boolean small) {
        int buckets = small ? 1 : Sizes.BUCKETS;
        Flow narrow = ScanLowering.only(rows, used(plan, rows.schema()));
        List<Expression> keys = plan.keys().stream().map(Named::expression).toList();
        StageOutput cut =
                drafts.end(
                        narrow,
                        new Sink.Exchange(keys, buckets),
                        narrow.schema(),
                        narrow.estimate(),
                        "exchange by " + keyWords(plan.keys()));
        return single(plan, buckets(cut, buckets), makes, label);
    }

    /// The buckets of an exchange, small ones together when it is known which these are.
    private Flow buckets(StageOutput exchange, int buckets) {
        Optional<BucketRuns> runs = drafts.exchanges().runs(exchange, buckets);
        Flow flow =
                Flow.from(
                        new Source.Input(0, exchange.schema()),
                        runs.map(run -> run.reads().size()).orElse(buckets),
                        exchange.estimate(),
                        Flow.INPUT);
        flow.input(
                runs.map(run -> run.of(exchange.stage()))
                        .orElseGet(() -> new Dependency.Shuffle(exchange.stage(), buckets)));
        runs.ifPresent(run -> flow.reads = run.words());
        return flow;
    }

    private static Schema used(LogicalPlan.Aggregate plan, Schema schema) {
        var names = new HashSet<String>();
        for (Named key : plan.keys()) names.addAll(Traversal.columns(key.expression()));
        for (NamedAggregate made : plan.aggregates()) {
            names.addAll(Traversal.columns(made.aggregate()));
        }
        List<Field> fields =
                schema.fields().stream().filter(field -> names.contains(field.name())).toList();
        return fields.isEmpty() ? schema : new Schema(fields);
    }

    private static String words(List<Named> keys, List<NamedAggregate> aggregates) {
        if (keys.isEmpty()) return "aggregate";
        return (aggregates.isEmpty() ? "distinct " : "group by ") + keyWords(keys);
    }

    private static String keyWords(List<Named> keys) {
        return String.join(", ", keys.stream().map(Named::name).toList());
    }
}
