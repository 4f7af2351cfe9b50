package dev.quiver.scheduler.state;

import java.util.Arrays;

/// Tasks that something must still be done about, last in first out.
final class TaskStack {
    private static final int ROOM_KEPT_MAX = 1 << 16;

    private StageState[] stages = new StageState[16];
    private int[] partitions = new int[16];
    private int size;

    void push(StageState stage, int partition) {
        if (size == partitions.length) {
            stages = Arrays.copyOf(stages, size * 2);
            partitions = Arrays.copyOf(partitions, size * 2);
        }
        stages[size] = stage;
        partitions[size++] = partition;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /// The stage on top; [#popPartition] then takes the entry off.
    StageState topStage() {
        return stages[size - 1];
    }

    int popPartition() {
        int partition = partitions[--size];
        if (size == 0 && partitions.length > ROOM_KEPT_MAX) {
            stages = new StageState[16];
            partitions = new int[16];
        }
        return partition;
    }

    StageState stage(int index) {
        return stages[index];
    }

    int partition(int index) {
        return partitions[index];
    }
}
