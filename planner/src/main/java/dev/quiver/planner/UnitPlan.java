package dev.quiver.planner;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.graph.Dependency;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.operator.GateRule;
import dev.quiver.operator.Operator;
import dev.quiver.operator.Pipeline;
import dev.quiver.operator.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Plans whose partitions can be run one by one, each from the file to the end: the last stage
/// reads files, and of other stages only tables of joins.
public final class UnitPlan {
    private UnitPlan() {}

    /// What the last stage reads.
    ///
    /// @throws QuiverException with the code `PLAN_INVALID` when it isn't files, or not only its
    ///   own partition of them
    public static Source source(StagePlan plan) {
        Stage last = last(plan);
        boolean tablesOnly =
                last.inputs().stream().allMatch(input -> input instanceof Dependency.Broadcast);
        if (!tablesOnly || !(last.program() instanceof Pipeline pipeline)) throw refused(plan);
        if (pipeline.source() instanceof Source.Input) throw refused(plan);
        if (!pipeline.source().isLasting()) throw notFiles(plan);
        return pipeline.source();
    }

    /// The names of the sets of keys that the gates of the last stage ask.
    public static List<String> keys(StagePlan plan) {
        var names = new ArrayList<String>();
        if (!(last(plan).program() instanceof Pipeline pipeline)) return names;
        for (Operator operator : pipeline.operators()) {
            if (!(operator instanceof Operator.Gate gate)) continue;
            for (GateRule rule : gate.rules()) {
                switch (rule.test()) {
                    case GateRule.First(_, var seen) when !seen.isEmpty() -> names.add(seen);
                    case GateRule.Unseen(_, var seen) -> names.add(seen);
                    case GateRule.First _,
                            GateRule.Holds _,
                            GateRule.Known _,
                            GateRule.Agrees _ -> {}
                }
            }
        }
        return names;
    }

    /// The same plan with some partitions of its last stage only.
    ///
    /// @param partitions partition `i` of the result is partition `partitions.get(i)` of `plan`
    /// @param first what partition 0 of `plan` is called in all that it makes
    public static StagePlan only(StagePlan plan, List<Integer> partitions, int first) {
        Stage last = last(plan);
        Source source = new Source.Some(source(plan), partitions, first);
        var stages = new ArrayList<Stage>();
        for (Stage stage : plan.graph().stages()) {
            boolean isLast = stage.id() == last.id();
            stages.add(isLast ? reading(stage, source, partitions.size()) : stage);
        }
        return new StagePlan(
                plan.optimized(),
                plan.fired(),
                new TaskGraph(stages),
                plan.result(),
                partitions.size(),
                plan.schema(),
                plan.order(),
                plan.notes(),
                plan.replanning(),
                plan.peakBytes());
    }

    private static Stage reading(Stage stage, Source source, int partitions) {
        Pipeline pipeline = (Pipeline) stage.program();
        return new Stage(
                stage.id(),
                stage.name(),
                partitions,
                new Pipeline(source, pipeline.operators(), pipeline.sink()),
                stage.inputs(),
                stage.purity(),
                stage.wanted(),
                stage.growing(),
                stage.broadcast(),
                stage.rowsMax(),
                stage.limits(),
                stage.priority());
    }

    private static Stage last(StagePlan plan) {
        return plan.graph().stages().stream()
                .filter(stage -> stage.id() == plan.result())
                .findFirst()
                .orElseThrow();
    }

    private static QuiverException refused(StagePlan plan) {
        Optional<LogicalPlan> culprit = culprit(plan.optimized());
        String step = culprit.map(LogicalPlan::label).orElse("a join of large tables");
        return new QuiverException(
                ErrorCode.PLAN_INVALID,
                "%s needs more than one row at a time, and a load streams".formatted(step),
                List.of("a load is: a scan, filters, computed columns, joins with small tables"),
                culprit.filter(LogicalPlan.Union.class::isInstance).isPresent()
                        ? "give each source an extract(…) of its own"
                        : "aggregate and sort what was loaded: in report(…), or in a pipeline after"
                                + " this one");
    }

    private static Optional<LogicalPlan> culprit(LogicalPlan plan) {
        boolean holdsBack =
                plan instanceof LogicalPlan.Aggregate
                        || plan instanceof LogicalPlan.Distinct
                        || plan instanceof LogicalPlan.Sort
                        || plan instanceof LogicalPlan.TopK
                        || plan instanceof LogicalPlan.Limit
                        || plan instanceof LogicalPlan.Union;
        if (holdsBack) return Optional.of(plan);
        if (plan instanceof LogicalPlan.Join join) {
            return culprit(join.build() == LogicalPlan.Side.LEFT ? join.right() : join.left());
        }
        return plan.inputs().stream().findFirst().flatMap(UnitPlan::culprit);
    }

    private static QuiverException notFiles(StagePlan plan) {
        return new QuiverException(
                ErrorCode.PLAN_INVALID,
                "a load reads what this session holds in memory",
                List.of("plan: " + plan.optimized().label()),
                "read files in extract(…), so that another process can go on where this one ended");
    }
}
