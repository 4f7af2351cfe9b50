package dev.quiver.planner;

import dev.quiver.dataframe.Analysis;
import dev.quiver.dataframe.PlanGraph;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Origin;
import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.expression.AggregateFunction;
import dev.quiver.expression.Expression;
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
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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
        return read(plan, new Estimates(catalog), Optional.empty(), numbers).measured(Map.of());
    }

    private Staging read(
            LogicalPlan plan,
            Estimates estimates,
            Optional<Quarantines> quarantines,
            StageNumbers numbers) {
        Optimized optimized = Optimizer.optimize(plan, estimates);
        return staging(
                optimized,
                estimates,
                quarantines,
                lowering -> lowering.result(optimized.plan()),
                plan.order(),
                numbers);
    }

    private Staging staging(
            Optimized optimized,
            Estimates estimates,
            Optional<Quarantines> quarantines,
            Function<Lowering, StageOutput> lowered,
            RowOrder order,
            StageNumbers numbers) {
        Function<Drafts, StageOutput> stages =
                drafts -> {
                    var gates = new GateLowering(drafts, optimized.plan(), quarantines);
                    return lowered.apply(new Lowering(estimates, drafts, gates));
                };
        return Staging.of(optimized, limits(), stages, numbers, order);
    }

    /// The stages that write the plan's rows. The result is a row a file: `path`, `temporary`,
    /// `rows`, `bytes`, `kind`, `checked`; see [dev.quiver.operator.Sink.Write].
    public StagePlan planWrite(
            LogicalPlan plan, Target target, Quarantines quarantines, StageNumbers numbers) {
        var estimates = new Estimates(catalog);
        Optimized optimized = Optimizer.optimize(plan, estimates);
        return staging(
                        optimized,
                        estimates,
                        Optional.of(quarantines),
                        lowering -> lowering.written(optimized.plan(), target),
                        RowOrder.SOURCE,
                        numbers)
                .measured(Map.of());
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
        return staging(
                        optimized,
                        new Estimates(catalog),
                        Optional.of(quarantines),
                        lowering -> lowering.writtenByUnit(optimized.plan(), target),
                        RowOrder.SOURCE,
                        numbers)
                .unmeasured();
    }

    /// As [#planStreamed], for stages that don't run.
    public StagePlan lookAtStreamed(LogicalPlan plan, Target target, Quarantines quarantines) {
        StageNumbers numbers = StageNumbers.from(EXPLAINED_STAGES_FROM);
        return planStreamed(plan, target, quarantines, numbers);
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
                Schema.of(Field.required("count", DataType.INT64)),
                Origin.here());
    }

    /// The plan after the rules, with estimates, and its stages, in 80 columns.
    public String explain(LogicalPlan plan) {
        return explanation(plan).text();
    }

    /// The same as a graph.
    public PlanGraph visualize(LogicalPlan plan) {
        return explanation(plan).graph();
    }

    private Explanation explanation(LogicalPlan plan) {
        StagePlan planned =
                read(
                                plan,
                                new Estimates(catalog),
                                Optional.of(Quarantines.EXPLAINED),
                                StageNumbers.from(EXPLAINED_STAGES_FROM))
                        .measured(Map.of());
        return new Explanation(planned, new Estimates(catalog));
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
