package dev.quiver.planner;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Edges;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Plans again what comes after exchanges, when it is known what they found. Stages keep their
/// numbers, and those that don't come after such an exchange stay as they are. For one thread.
public final class Replanning {
    private final Function<Map<Integer, long[][]>, StagePlan> planner;
    private final Map<Integer, long[][]> rows;
    private final SortedSet<Integer> awaited;
    private final SortedSet<Integer> heldBack;

    /// @param planner plans with the rows of the slices of exchanges that have finished
    /// @param rows with which that was done
    /// @param awaited exchanges for which it waits
    /// @param heldBack the stages behind those
    Replanning(
            Function<Map<Integer, long[][]>, StagePlan> planner,
            Map<Integer, long[][]> rows,
            SortedSet<Integer> awaited,
            SortedSet<Integer> heldBack) {
        this.planner = planner;
        this.rows = rows;
        this.awaited = awaited;
        this.heldBack = heldBack;
    }

    /// The stages that read some of others, directly or not.
    static SortedSet<Integer> behind(List<Stage> stages, Set<Integer> awaited) {
        var held = new TreeSet<Integer>();
        for (Stage stage : stages)
            for (Dependency input : stage.inputs())
                if (readsAny(input, awaited) || readsAny(input, held)) held.add(stage.id());
        return held;
    }

    private static boolean readsAny(Dependency input, Set<Integer> stages) {
        return switch (input) {
            case Dependency.OfStage other -> stages.contains(other.stage());
            case Dependency.Listed(Edges edges) -> {
                for (int row = 0; row < edges.rowCount(); row++)
                    for (int i = 0; i < edges.inputCount(row); i++)
                        if (stages.contains(TaskKey.stageOf(edges.input(row, i)))) yield true;
                yield false;
            }
        };
    }

    /// The same for a plan whose stages are changed.
    Replanning withStages(UnaryOperator<Stage> change) {
        return new Replanning(
                known -> planner.apply(known).withStages(change), rows, awaited, heldBack);
    }

    /// The exchanges whose readers aren't decided before it is known how many rows their slices
    /// have.
    public Set<Integer> awaited() {
        return awaited;
    }

    /// The stages that come after such exchanges: what they are isn't decided.
    public Set<Integer> heldBack() {
        return heldBack;
    }

    /// The same plan with more known.
    ///
    /// @param found how many rows each slice of each partition has, by stage: of some of those that
    ///   are [#awaited]
    public StagePlan replanned(Map<Integer, long[][]> found) {
        var known = new HashMap<>(rows);
        known.putAll(found);
        return planner.apply(known);
    }
}
