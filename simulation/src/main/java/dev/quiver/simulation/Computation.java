package dev.quiver.simulation;

import dev.quiver.graph.Purity;
import dev.quiver.graph.Region;
import dev.quiver.graph.Stage;
import java.util.Optional;
import java.util.TreeMap;

/// What a task computes: its output depends on each of its inputs and on their order, and that of
/// an impure task on the attempt.
final class Computation {
    private final Stage stage;
    private final int partition;
    private final Scenario scenario;
    private final TreeMap<Long, Integer> impure = new TreeMap<>();
    private long value;
    private int dependency = -1;
    private long rowsRead;

    Computation(Scenario scenario, Stage stage, int partition) {
        this.scenario = scenario;
        this.stage = stage;
        this.partition = partition;
        this.value = Chunk.mix(stage.id(), partition);
    }

    /// Reads the next input.
    ///
    /// @param index which of the stage's inputs it belongs to
    void read(int index, int inputStage, Chunk chunk) {
        if (index != dependency) {
            dependency = index;
            rowsRead = 0;
        }
        long rowsMax = scenario.stage(inputStage).rowsMax();
        if (rowsMax > 0 && rowsRead >= rowsMax) {
            return;
        }
        rowsRead += chunk.rows();
        Optional<Region> region = region(stage, index, partition);
        if (region.isEmpty()) {
            value = Chunk.mix(value, chunk.value());
        } else {
            for (int s = region.get().fromSlice(); s < region.get().toSlice(); s++) {
                value = Chunk.mix(value, chunk.slice(s));
            }
        }
        value = Chunk.mix(value, index);
        chunk.impure()
                .forEach((task, attempt) -> {
                    Integer other = impure.put(task, attempt);
                    if (other != null && !other.equals(attempt)) {
                        value = Chunk.mix(value, other); // two outputs of one task: never right
                    }
                });
    }

    /// Which slices a task reads of one of its stage's inputs; empty when it reads whole outputs.
    static Optional<Region> region(Stage stage, int index, int partition) {
        return index < stage.inputs().size()
                ? stage.inputs().get(index).region(partition)
                : Optional.empty();
    }

    Chunk end(int attempt) {
        if (stage.purity() == Purity.IMPURE) {
            value = Chunk.mix(value, attempt);
            impure.put(((long) stage.id() << 32) | partition, attempt);
        }
        return new Chunk(value, Scenario.rows(stage.id(), partition), impure);
    }
}
