package dev.quiver.graph;

/// The name of a task: a partition of a stage. The output of a task goes by the same name.
public record TaskKey(int stage, int partition) implements Comparable<TaskKey> {
    public TaskKey {
        if (stage < 0 || partition < 0) {
            throw new IllegalArgumentException(
                    "task %d/%d: stage and partition must be >= 0".formatted(stage, partition));
        }
    }

    /// Both numbers in one long, ordered as the keys are.
    public static long pack(int stage, int partition) {
        return ((long) stage << 32) | partition;
    }

    public static TaskKey unpack(long packed) {
        return new TaskKey(stageOf(packed), partitionOf(packed));
    }

    public static int stageOf(long packed) {
        return (int) (packed >>> 32);
    }

    public static int partitionOf(long packed) {
        return (int) packed;
    }

    @Override
    public int compareTo(TaskKey other) {
        return Long.compare(pack(stage, partition), pack(other.stage, other.partition));
    }

    @Override
    public String toString() {
        return stage + "/" + partition;
    }
}
