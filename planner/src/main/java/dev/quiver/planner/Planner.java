package dev.quiver.planner;

import dev.quiver.dataframe.Analysis;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.expression.AggregateFunction;
import dev.quiver.expression.Expression;
import dev.quiver.graph.TaskGraph;
import dev.quiver.operator.NamedAggregate;
import dev.quiver.operator.Target;
import dev.quiver.planner.Flow.StageOutput;
import dev.quiver.planner.Optimizer.Optimized;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Plans queries: rules first, then stages. Stateless but for the catalog it asks; safe for use by
/// several threads when that is.
///
/// ```java
/// var planner = new Planner(catalog);
/// StagePlan planned = planner.plan(Frames.plan(frame), numbers);
/// scheduler.submit(planned.graph());
/// ```
public final class Planner {
    /// Plans that are only looked at have stages beyond those that run.
    private static final int EXPLAINED_STAGES_FROM = 1 << 30;

    private final SourceCatalog catalog;
    private final LongSupplier workerBytes;

    /// For workers of any size.
    public Planner(SourceCatalog catalog) {
        this(catalog, () -> Long.MAX_VALUE);
    }

    /// @param workerBytes the budget of the smallest worker now
    public Planner(SourceCatalog catalog, LongSupplier workerBytes) {
        this.catalog = catalog;
        this.workerBytes = workerBytes;
    }

    private MemoryLimits limits() {
        return MemoryLimits.of(workerBytes.getAsLong());
    }

    /// The stages that compute the plan's rows.
    public StagePlan plan(LogicalPlan plan, StageNumbers numbers) {
        var estimates = new Estimates(catalog);
        Optimized optimized = Optimizer.optimize(plan, estimates);
        var drafts = new Drafts(numbers.ids(), limits());
        var gates = new GateLowering(drafts, optimized.plan(), Optional.empty());
        StageOutput result = new Lowering(estimates, drafts, gates).result(optimized.plan());
        return staged(optimized, drafts, result, plan.order(), numbers);
    }

    /// The stages that write the plan's rows. The result is a row a file: `path`, `temporary`,
    /// `rows`, `bytes`, `kind`, `checked`; see [dev.quiver.operator.Sink.Write].
    public StagePlan planWrite(
            LogicalPlan plan, Target target, Quarantines quarantines, StageNumbers numbers) {
        var estimates = new Estimates(catalog);
        Optimized optimized = Optimizer.optimize(plan, estimates);
        var drafts = new Drafts(numbers.ids(), limits());
        var gates = new GateLowering(drafts, optimized.plan(), Optional.of(quarantines));
        StageOutput result =
                new Lowering(estimates, drafts, gates).written(optimized.plan(), target);
        return staged(optimized, drafts, result, RowOrder.SOURCE, numbers);
    }

    /// As above, for a plan whose gates keep no bad rows.
    public StagePlan planWrite(LogicalPlan plan, Target target, StageNumbers numbers) {
        return planWrite(plan, target, Quarantines.NONE, numbers);
    }

    /// As [#planWrite], for a plan whose first input streams through to the files: the left sides
    /// of joins are probed, whatever their sizes are.
    public StagePlan planStreamed(
            LogicalPlan plan, Target target, Quarantines quarantines, StageNumbers numbers) {
        Optimized optimized = Optimizer.streamed(plan);
        var drafts = new Drafts(numbers.ids(), limits());
        var gates = new GateLowering(drafts, optimized.plan(), Optional.of(quarantines));
        var lowering = new Lowering(new Estimates(catalog), drafts, gates);
        StageOutput result = lowering.writtenByUnit(optimized.plan(), target);
        return staged(optimized, drafts, result, RowOrder.SOURCE, numbers);
    }

    /// As [#planStreamed], for stages that don't run.
    public StagePlan lookAtStreamed(LogicalPlan plan, Target target, Quarantines quarantines) {
        StageNumbers numbers = StageNumbers.from(EXPLAINED_STAGES_FROM);
        return planStreamed(plan, target, quarantines, numbers);
    }

    private static StagePlan staged(
            Optimized optimized,
            Drafts drafts,
            StageOutput result,
            RowOrder order,
            StageNumbers numbers) {
        return new StagePlan(
                optimized.plan(),
                optimized.fired(),
                new TaskGraph(drafts.stages(result.stage(), numbers.priorities())),
                result.stage(),
                result.partitions(),
                result.schema(),
                order,
                drafts.notes(),
                PeakMemory.of(drafts.notes()));
    }

    /// A plan of one row and one column, `count`: how many rows `plan` has.
    public static LogicalPlan counting(LogicalPlan plan) {
        var count =
                new Expression.Aggregate(
                        AggregateFunction.COUNT, Optional.empty(), Optional.empty());
        return new LogicalPlan.Aggregate(
                plan,
                List.of(),
                List.of(new NamedAggregate("count", count, DataType.INT64)),
                Schema.of(Field.required("count", DataType.INT64)));
    }

    /// The plan after the rules, with estimates, and its stages, in 80 columns.
    public String explain(LogicalPlan plan) {
        var estimates = new Estimates(catalog);
        Optimized optimized = Optimizer.optimize(plan, estimates);
        StageNumbers numbers = StageNumbers.from(EXPLAINED_STAGES_FROM);
        var drafts = new Drafts(numbers.ids(), limits());
        var gates = new GateLowering(drafts, optimized.plan(), Optional.of(Quarantines.EXPLAINED));
        StageOutput result = new Lowering(estimates, drafts, gates).result(optimized.plan());
        StagePlan planned = staged(optimized, drafts, result, plan.order(), numbers);
        return new Explanation(planned, new Estimates(catalog)).text();
    }

    /// What happened at step `step` (source, operators, sink) of a stage.
    public record Actual(long rows, long bytes, long nanos) {}

    /// Looks up what happened.
    public interface Actuals {
        /// Empty where it wasn't measured.
        Optional<Actual> of(int stage, int step);
    }

    /// Estimates beside what happened, the last stage first.
    ///
    /// @param rows of the result
    public static Analysis analysis(
            StagePlan plan, Actuals actuals, Duration elapsed, long rows, long peakBytes) {
        var steps = new ArrayList<Analysis.Step>();
        for (StageNote stage : plan.notes().reversed()) {
            for (int i = stage.steps().size() - 1; i >= 0; i--) {
                StageNote.Step step = stage.steps().get(i);
                Optional<Actual> actual = actuals.of(stage.stage(), i);
                if (actual.isEmpty()) continue;
                boolean last = i == stage.steps().size() - 1;
                steps.add(
                        new Analysis.Step(
                                step.label(),
                                last ? 0 : 1,
                                stage.stage(),
                                stage.partitions(),
                                step.estimate().rows(),
                                actual.get().rows(),
                                actual.get().bytes(),
                                Duration.ofNanos(actual.get().nanos())));
            }
        }
        return new Analysis(steps, elapsed, rows, peakBytes);
    }
}
