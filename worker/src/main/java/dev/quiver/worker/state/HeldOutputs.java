package dev.quiver.worker.state;

import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which outputs a worker holds: at most one attempt of a task. 4 bytes a partition.
final class HeldOutputs {
    private static final int NONE = 0;

    private static final class OfStage {
        int[] attempts = new int[8];
        int count;
    }

    private final TreeMap<Integer, OfStage> stages = new TreeMap<>();
    private int lastId = -1;
    private @Nullable OfStage last;
    private long count;

    private @Nullable OfStage find(int stage) {
        if (stage != lastId) {
            lastId = stage;
            last = stages.get(stage);
        }
        return last;
    }

    /// Holds the output of `attempt`, which is greater than 0, instead of any earlier one.
    void put(int stage, int partition, int attempt) {
        OfStage outputs = find(stage);
        if (outputs == null) {
            outputs = new OfStage();
            stages.put(stage, outputs);
            last = outputs;
        }
        if (partition >= outputs.attempts.length) {
            int room = Math.max(partition + 1, outputs.attempts.length * 2);
            outputs.attempts = Arrays.copyOf(outputs.attempts, room);
        }
        if (outputs.attempts[partition] == NONE) {
            outputs.count++;
            count++;
        }
        outputs.attempts[partition] = attempt;
    }

    /// The attempt whose output is held; 0 = none.
    int attempt(int stage, int partition) {
        OfStage outputs = find(stage);
        return outputs == null || partition >= outputs.attempts.length
                ? NONE
                : outputs.attempts[partition];
    }

    void remove(int stage, int partition) {
        OfStage outputs = find(stage);
        if (outputs == null
                || partition >= outputs.attempts.length
                || outputs.attempts[partition] == NONE) {
            return;
        }
        outputs.attempts[partition] = NONE;
        count--;
        if (--outputs.count == 0) {
            stages.remove(stage);
            last = null;
        }
    }

    long count() {
        return count;
    }
}
