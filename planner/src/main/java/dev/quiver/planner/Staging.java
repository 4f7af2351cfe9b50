package dev.quiver.planner;

import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.planner.Flow.StageOutput;
import dev.quiver.planner.Optimizer.Optimized;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.function.IntSupplier;

/// Makes the stages of one optimised plan, as often as more is known. The same step of the plan
/// always gets the same stage number. For one thread.
///
/// @param optimized what is lowered
/// @param limits as they were when it was planned first
/// @param lowered lowers it into drafts and gives the result
/// @param numbers for the stages
/// @param ids those that were drawn, in order
record Staging(
        Optimized optimized,
        MemoryLimits limits,
        Function<Drafts, StageOutput> lowered,
        StageNumbers numbers,
        RowOrder order,
        List<Integer> ids) {
    static Staging of(
            Optimized optimized,
            MemoryLimits limits,
            Function<Drafts, StageOutput> lowered,
            StageNumbers numbers,
            RowOrder order) {
        return new Staging(optimized, limits, lowered, numbers, order, new ArrayList<>());
    }

    /// A plan in which all is decided.
    StagePlan unmeasured() {
        return plan(Exchanges.unmeasured(), Map.of());
    }

    /// A plan that is made again when exchanges have finished.
    ///
    /// @param rows of each slice of each partition of those that have, by stage
    StagePlan measured(Map<Integer, long[][]> rows) {
        return plan(Exchanges.measured(rows), rows);
    }

    private StagePlan plan(Exchanges exchanges, Map<Integer, long[][]> rows) {
        var drafts = new Drafts(sameIds(), limits, exchanges);
        int before = ids.size();
        StageOutput result = lowered.apply(drafts);
        if (before > 0 && drafts.notes().size() != before)
            throw new IllegalStateException(
                    "%d stages, %d when it was planned first"
                            .formatted(drafts.notes().size(), before));
        List<Stage> stages = drafts.stages(result.stage(), numbers.priorities());
        return new StagePlan(
                optimized.plan(),
                optimized.fired(),
                new TaskGraph(stages),
                result.stage(),
                result.partitions(),
                result.schema(),
                order,
                drafts.notes(),
                replanning(exchanges.awaited(), rows, stages),
                PeakMemory.of(drafts.notes()));
    }

    private IntSupplier sameIds() {
        return new IntSupplier() {
            private int next;

            @Override
            public int getAsInt() {
                if (next == ids.size()) ids.add(numbers.ids().getAsInt());
                return ids.get(next++);
            }
        };
    }

    private Optional<Replanning> replanning(
            SortedSet<Integer> awaited, Map<Integer, long[][]> rows, List<Stage> stages) {
        if (awaited.isEmpty()) return Optional.empty();
        return Optional.of(
                new Replanning(this::measured, rows, awaited, Replanning.behind(stages, awaited)));
    }
}
