package dev.quiver.planner;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.LogicalPlan.Taken;
import dev.quiver.expression.Binder;
import dev.quiver.expression.Bound;
import dev.quiver.expression.Expression;
import dev.quiver.expression.ExpressionPrinter;
import dev.quiver.expression.Named;
import dev.quiver.graph.Dependency;
import dev.quiver.operator.JoinKind;
import dev.quiver.operator.Operator;
import dev.quiver.operator.Sink;
import dev.quiver.operator.Source;
import dev.quiver.planner.Flow.StageOutput;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Joins as stages: a hash table of one side, which the rows of the other look themselves up in.
///
/// A small table is made once and read by every partition; of large sides both are exchanged by
/// their keys, and each bucket has a table of its own.
final class JoinLowering {
    private final Drafts drafts;

    JoinLowering(Drafts drafts) {
        this.drafts = drafts;
    }

    /// A side that is probed and one that a table is made of.
    private record Sides(
            Flow probe, List<Expression> probeKeys, Flow build, List<Expression> buildKeys) {}

    Flow lower(LogicalPlan.Join join, Flow left, Flow right, Estimate makes) {
        if (join.build() == LogicalPlan.Side.RIGHT) {
            var sides = new Sides(left, join.leftKeys(), right, join.rightKeys());
            List<String> take = join.taken().stream().map(Taken::column).toList();
            return probed(join, sides, take, join.schema(), makes);
        }
        return turned(join, left, right, makes);
    }

    /// Probes with the right side: its taken columns get their output names, and its keys names of
    /// their own, so that they can't clash with the left columns.
    private Flow turned(LogicalPlan.Join join, Flow left, Flow right, Estimate makes) {
        var columns = new ArrayList<Named>();
        var fields = new ArrayList<Field>();
        for (Taken taken : join.taken()) {
            columns.add(new Named(taken.name(), new Expression.Column(taken.column())));
            fields.add(right.schema().field(taken.column()).withName(taken.name()));
        }
        var keys = new ArrayList<Expression>();
        for (int i = 0; i < join.rightKeys().size(); i++) {
            Bound key = Binder.bind(join.rightKeys().get(i), right.schema(), "join");
            String name = "#key" + i;
            columns.add(new Named(name, key.expression()));
            fields.add(new Field(name, key.type(), key.nullable()));
            keys.add(new Expression.Column(name));
        }
        var renamed = new Schema(fields);
        Flow probe =
                right.then(
                        new Operator.Project(columns, renamed),
                        renamed,
                        Estimate.of(
                                right.estimate().rows(),
                                Widths.ofRow(renamed),
                                right.estimate().exact()),
                        "rename for the join");
        fields.addAll(left.schema().fields());
        var sides = new Sides(probe, keys, left, join.leftKeys());
        List<String> take = left.schema().names();
        Flow joined = probed(join, sides, take, new Schema(fields), makes);
        return ScanLowering.only(joined, join.schema());
    }

    private Flow probed(
            LogicalPlan.Join join, Sides sides, List<String> take, Schema schema, Estimate makes) {
        boolean small = sides.build().estimate().bytes() < drafts.limits().broadcastBytesMax();
        String keys = String.join(", ", join.leftKeys().stream().map(JoinLowering::words).toList());
        Flow probe = small ? broadcast(sides, keys) : exchanged(sides, keys);
        int table = probe.inputs.size() - 1;
        boolean takesNothing = join.kind() == JoinKind.SEMI || join.kind() == JoinKind.ANTI;
        var operator =
                new Operator.Probe(
                        table,
                        join.kind(),
                        sides.probeKeys(),
                        takesNothing ? List.of() : take,
                        schema);
        String word = join.kind().name().toLowerCase(Locale.ROOT);
        return probe.then(operator, schema, makes, "%s join on %s".formatted(word, keys));
    }

    private static String words(Expression key) {
        return ExpressionPrinter.brief(key);
    }

    private Flow broadcast(Sides sides, String keys) {
        Flow build = drafts.gather(sides.build());
        StageOutput table = table(build, sides.buildKeys(), keys);
        sides.probe().input(new Dependency.Broadcast(table.stage()));
        return sides.probe();
    }

    private StageOutput table(Flow build, List<Expression> keys, String words) {
        return drafts.end(
                build,
                new Sink.BuildTable(keys, build.schema()),
                build.schema(),
                build.estimate(),
                "build table on " + words);
    }

    private Flow exchanged(Sides sides, String keys) {
        long bytes = sides.build().estimate().bytes();
        int buckets =
                Sizes.powerOfTwo(
                        Sizes.parts(bytes, Sizes.JOIN_PARTITION_BYTES, Sizes.EXCHANGE_BUCKETS_MAX));
        StageOutput probed = exchange(sides.probe(), sides.probeKeys(), buckets, keys);
        StageOutput built = exchange(sides.build(), sides.buildKeys(), buckets, keys);
        Optional<BucketReaders> readers = drafts.exchanges().readers(probed, built, buckets);
        if (readers.isPresent()) return read(readers.get(), sides, probed, built, keys);
        Flow build = reading(built, new Dependency.Shuffle(built.stage(), buckets), buckets);
        StageOutput tables = table(build, sides.buildKeys(), keys);
        Flow probe = reading(probed, new Dependency.Shuffle(probed.stage(), buckets), buckets);
        probe.input(new Dependency.Narrow(tables.stage()));
        return probe;
    }

    private Flow read(
            BucketReaders readers,
            Sides sides,
            StageOutput probed,
            StageOutput built,
            String keys) {
        Flow build = reading(built, readers.built(built.stage()), readers.tables().size());
        StageOutput tables = table(build, sides.buildKeys(), keys);
        Flow probe = reading(probed, readers.probed(probed.stage()), readers.probes().size());
        probe.input(readers.tables(tables.stage()));
        probe.reads = readers.words();
        return probe;
    }

    private StageOutput exchange(Flow side, List<Expression> keys, int buckets, String words) {
        return drafts.end(
                side,
                new Sink.Exchange(keys, buckets),
                side.schema(),
                side.estimate(),
                "exchange by " + words);
    }

    private static Flow reading(StageOutput exchange, Dependency slices, int partitions) {
        Flow flow =
                Flow.from(
                        new Source.Input(0, exchange.schema()),
                        partitions,
                        exchange.estimate(),
                        Flow.INPUT);
        flow.input(slices);
        return flow;
    }
}
