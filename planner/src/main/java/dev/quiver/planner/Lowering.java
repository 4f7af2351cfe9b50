package dev.quiver.planner;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.expression.ExpressionPrinter;
import dev.quiver.expression.Named;
import dev.quiver.expression.Traversal;
import dev.quiver.graph.Dependency;
import dev.quiver.operator.Operator;
import dev.quiver.operator.OrderBy;
import dev.quiver.operator.Sink;
import dev.quiver.operator.Source;
import dev.quiver.operator.TableTarget;
import dev.quiver.operator.Target;
import dev.quiver.operator.WriteTarget;
import dev.quiver.planner.Flow.StageOutput;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.List;

/// An optimised plan as stages. How many partitions a stage has follows from bytes and rows alone.
final class Lowering {
    /// What a writing task says about each file; the client publishes them.
    static final Schema MANIFEST =
            Schema.of(
                    Field.required("path", DataType.UTF8),
                    Field.required("temporary", DataType.UTF8),
                    Field.required("rows", DataType.INT64),
                    Field.required("bytes", DataType.INT64),
                    Field.required("kind", DataType.UTF8),
                    Field.required("checked", DataType.INT64));

    private final Estimates estimates;
    private final Drafts drafts;
    private final GateLowering gates;

    Lowering(Estimates estimates, Drafts drafts, GateLowering gates) {
        this.estimates = estimates;
        this.drafts = drafts;
        this.gates = gates;
    }

    /// The stages for a plan whose rows are the result.
    StageOutput result(LogicalPlan plan) {
        return drafts.collect(flow(plan));
    }

    /// The stages for a plan whose rows are written; their result is the manifest.
    StageOutput written(LogicalPlan plan, Target target) {
        return written(plan, target, false);
    }

    /// As above, with files of its own for each partition of the source, whatever their size.
    StageOutput writtenByUnit(LogicalPlan plan, Target target) {
        return written(plan, target, true);
    }

    private StageOutput written(LogicalPlan plan, Target target, boolean byUnit) {
        Flow flow = flow(plan);
        long bytes = flow.estimate().bytes();
        int parts = Sizes.parts(bytes, Sizes.WRITTEN_PART_BYTES, Integer.MAX_VALUE);
        if (target instanceof TableTarget table)
            return written(
                    table.inParts() ? flow.atMost(parts) : drafts.gather(flow.inTurn()),
                    table,
                    plan.schema());
        WriteTarget file = (WriteTarget) target;
        boolean sized = !file.fileLimits().isNone() && file.partitionBy().isEmpty();
        if (sized && !byUnit) return written(drafts.gather(flow.inTurn()), file, plan.schema());
        Flow rows = flow.atMost(parts);
        if (!file.directory() && rows.partitions > 1) {
            boolean joinable = file.format().isJoinable();
            if (joinable && !isSmall(rows)) return joined(rows, file, plan.schema());
            rows = drafts.gather(rows);
        }
        return written(rows, file, plan.schema());
    }

    private StageOutput written(Flow rows, Target target, Schema schema) {
        Estimate files = Estimate.of(rows.partitions, Widths.ofRow(MANIFEST), false);
        Sink sink =
                switch (target) {
                    case WriteTarget file -> new Sink.Write(file, schema);
                    case TableTarget table -> new Sink.WriteTable(table, schema);
                };
        return drafts.end(rows, sink, MANIFEST, files, "write " + target.title());
    }

    /// Whether all that flows by would fit into a part.
    private static boolean isSmall(Flow flow) {
        return flow.steps.stream()
                .allMatch(step -> step.estimate().bytes() <= Sizes.WRITTEN_PART_BYTES);
    }

    /// A file whose partitions are written on their own, so that none waits in memory for those
    /// before it, and then put together.
    private StageOutput joined(Flow rows, WriteTarget target, Schema schema) {
        var parts =
                new WriteTarget(
                        target.format(),
                        target.staging(),
                        target.staging(),
                        true,
                        List.of(),
                        target.codec(),
                        target.csv().withHeader(false));
        Flow manifest = Flow.reading(written(rows, parts, schema)).atMost(1);
        return drafts.end(
                manifest,
                new Sink.JoinFiles(target, schema),
                MANIFEST,
                Estimate.of(1, Widths.ofRow(MANIFEST), false),
                "join the parts of " + target.path());
    }

    private Flow flow(LogicalPlan plan) {
        int before = drafts.size();
        Flow flow = lowered(plan);
        drafts.from(plan.origin(), before);
        return flow.from(plan.origin());
    }

    private Flow lowered(LogicalPlan plan) {
        Estimate makes = estimates.of(plan);
        return switch (plan) {
            case LogicalPlan.ScanCsv scan -> ScanLowering.csv(scan, makes);
            case LogicalPlan.ScanFiles scan -> ScanLowering.files(scan, makes);
            case LogicalPlan.ScanParquet scan -> ScanLowering.parquet(scan, makes);
            case LogicalPlan.ScanTable scan -> ScanLowering.table(scan, makes);
            case LogicalPlan.Held held -> ScanLowering.held(held, estimates.catalog(), makes);
            case LogicalPlan.Filter filter -> filter(filter, makes);
            case LogicalPlan.Project project -> project(project, makes);
            case LogicalPlan.Aggregate aggregate ->
                    new AggregateLowering(drafts).lower(aggregate, flow(aggregate.input()), makes);
            case LogicalPlan.Distinct distinct -> {
                List<Named> keys = distinct.schema().names().stream().map(Named::column).toList();
                var grouping =
                        new LogicalPlan.Aggregate(
                                distinct.input(),
                                keys,
                                List.of(),
                                distinct.schema(),
                                distinct.origin());
                yield new AggregateLowering(drafts).lower(grouping, flow(distinct.input()), makes);
            }
            case LogicalPlan.Expand(var input, var rows, var schema, _) ->
                    flow(input).then(new Operator.Expand(rows, schema), schema, makes, "describe");
            case LogicalPlan.Join join ->
                    new JoinLowering(drafts)
                            .lower(join, flow(join.left()), flow(join.right()), makes);
            case LogicalPlan.Sort(var input, var keys, _) -> sort(flow(input), keys, makes);
            case LogicalPlan.TopK(var input, var keys, var rows, _) ->
                    top(flow(input), keys, rows, makes);
            case LogicalPlan.Limit(var input, var rows, _) -> limit(flow(input), rows, makes);
            case LogicalPlan.Union(var inputs, var schema, _) ->
                    drafts.concatenate(
                            inputs.stream().map(this::flow).toList(), schema, makes, "union");
            case LogicalPlan.MapRecords map -> mapRecords(map, makes);
            case LogicalPlan.MapBatches map -> mapBatches(map, makes);
            case LogicalPlan.Gate gate ->
                    gates.lower(
                            gate,
                            flow(gate.input()),
                            gate.references().stream().map(this::flow).toList(),
                            makes);
        };
    }

    private Flow filter(LogicalPlan.Filter filter, Estimate makes) {
        Flow flow = flow(filter.input());
        flow.impure |= Traversal.hasUserCall(filter.condition());
        return flow.then(
                new Operator.Filter(filter.condition()),
                filter.schema(),
                makes,
                "filter " + ExpressionPrinter.brief(filter.condition()));
    }

    private Flow project(LogicalPlan.Project project, Estimate makes) {
        Flow flow = flow(project.input());
        for (Named column : project.columns()) {
            flow.impure |= Traversal.hasUserCall(column.expression());
        }
        return flow.then(
                new Operator.Project(project.columns(), project.schema()),
                project.schema(),
                makes,
                "select " + String.join(", ", project.schema().names()));
    }

    private Flow mapRecords(LogicalPlan.MapRecords map, Estimate makes) {
        Flow flow = flow(map.input());
        flow.impure = true;
        var operator =
                new Operator.MapRecords(
                        map.function(), map.parameter(), map.output(), map.schema());
        String word = map.output() == Boolean.class ? "filter by a function" : "map";
        return flow.then(operator, map.schema(), makes, word);
    }

    private Flow mapBatches(LogicalPlan.MapBatches map, Estimate makes) {
        Flow flow = flow(map.input());
        flow.impure = true;
        var operator = new Operator.MapBatches(map.function(), map.schema());
        return flow.then(operator, map.schema(), makes, "map batches");
    }

    private Flow sort(Flow input, List<OrderBy> keys, Estimate makes) {
        String words = RowOrder.text(keys);
        Flow rows = folded(input);
        StageOutput runs =
                drafts.end(
                        rows,
                        new Sink.SortRun(keys),
                        rows.schema(),
                        rows.estimate(),
                        "sort by " + words);
        if (rows.partitions == 1) return Flow.reading(runs);
        int parts =
                Sizes.parts(
                        rows.estimate().bytes(),
                        drafts.limits().sortedPartitionBytes(),
                        Sizes.EXCHANGE_BUCKETS_MAX);
        Flow merged =
                Flow.from(new Source.Input(0, rows.schema()), parts, rows.estimate(), Flow.INPUT);
        merged.input(new Dependency.Broadcast(runs.stage()));
        return Flow.reading(
                drafts.end(
                        merged,
                        new Sink.MergeSorted(keys, parts),
                        rows.schema(),
                        makes,
                        "merge by " + words));
    }

    /// Small outputs of stages as one partition.
    private static Flow folded(Flow flow) {
        return flow.estimate().rows() < Sizes.ROWS_ONE_BUCKET_MAX ? flow.atMost(1) : flow;
    }

    private Flow top(Flow input, List<OrderBy> keys, long rows, Estimate makes) {
        String words = "top %d by %s".formatted(rows, RowOrder.text(keys));
        Flow part = folded(input);
        Schema schema = part.schema();
        Sink sink = new Sink.TopRows(keys, rows);
        if (part.partitions == 1) {
            return Flow.reading(drafts.end(part, sink, schema, makes, words));
        }
        Estimate candidates =
                Estimate.about(
                        Math.min((double) rows * part.partitions, (double) part.estimate().rows()),
                        Widths.ofRow(schema));
        StageOutput parts = drafts.end(part, sink, schema, candidates, words);
        Flow all = Flow.reading(parts).atMost(1);
        return Flow.reading(drafts.end(all, sink, schema, makes, words));
    }

    private Flow limit(Flow input, long rows, Estimate makes) {
        String words = "limit " + rows;
        var limit = new Operator.Limit(rows);
        if (input.partitions == 1) return input.then(limit, input.schema(), makes, words);
        Flow part = input.then(limit, input.schema(), makes, words);
        StageOutput parts =
                drafts.end(
                        part,
                        new Sink.Collect(),
                        part.schema(),
                        makes,
                        "collect",
                        part.quarantines ? 0 : rows);
        return Flow.reading(parts).atMost(1).then(limit, part.schema(), makes, words);
    }
}
