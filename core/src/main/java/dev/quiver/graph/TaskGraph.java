package dev.quiver.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Stages in an order in which each comes after those it reads. A stage may also read stages that
/// were submitted earlier and are not in this graph.
public record TaskGraph(List<Stage> stages) {
    public TaskGraph {
        stages = List.copyOf(stages);
        Map<Integer, Stage> earlier = new HashMap<>();
        Map<Integer, Stage> all = new HashMap<>();
        for (Stage stage : stages) {
            if (all.put(stage.id(), stage) != null) {
                throw new IllegalArgumentException("two stages with the id " + stage.id());
            }
        }
        for (Stage stage : stages) {
            for (Dependency input : stage.inputs()) {
                checkInput(stage, input, earlier, all);
            }
            earlier.put(stage.id(), stage);
        }
    }

    public static TaskGraph of(Stage... stages) {
        return new TaskGraph(List.of(stages));
    }

    /// How many tasks all stages have together.
    public long taskCount() {
        long count = 0;
        for (Stage stage : stages) {
            count += stage.partitions();
        }
        return count;
    }

    private static void checkInput(
            Stage stage, Dependency input, Map<Integer, Stage> earlier, Map<Integer, Stage> all) {
        if (!(input instanceof Dependency.OfStage other)) {
            return;
        }
        Stage target = earlier.get(other.stage());
        if (target == null) {
            if (all.containsKey(other.stage())) {
                throw new IllegalArgumentException(
                        "stage '%s' comes before stage %d, which it reads"
                                .formatted(stage.name(), other.stage()));
            }
            return;
        }
        checkPartitions(stage, other, target.partitions());
    }

    /// Checks that `reader` fits a stage of `partitions` partitions that it reads by `dependency`.
    ///
    /// @throws IllegalArgumentException when it doesn't
    public static void checkPartitions(
            Stage reader, Dependency.OfStage dependency, int partitions) {
        long expected =
                switch (dependency) {
                    case Dependency.Narrow _ -> partitions;
                    case Dependency.FanIn(_, int width) -> Math.ceilDiv(partitions, width);
                    case Dependency.FanOut(_, int width, _) -> (long) partitions * width;
                    case Dependency.Regions(_, var regions) -> regions.size();
                    case Dependency.Broadcast _, Dependency.Shuffle _ -> reader.partitions();
                };
        if (reader.partitions() != expected) {
            throw new IllegalArgumentException(
                    "stage '%s' has %d partitions, but %s over %d partitions makes %d"
                            .formatted(
                                    reader.name(),
                                    reader.partitions(),
                                    dependency,
                                    partitions,
                                    expected));
        }
    }
}
