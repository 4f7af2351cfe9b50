package dev.quiver.graph;

/// What the tasks of a stage read from another stage.
public sealed interface Dependency {
    /// Partition `p` reads partition `p`; both stages have the same number of partitions.
    record Narrow(int stage) implements OfStage {}

    /// Every partition reads all partitions of `stage`.
    record Broadcast(int stage) implements OfStage {}

    /// Partition `p` reads slice `p` of every partition of `stage`.
    ///
    /// @param slices into how many slices the output of each partition is cut: the number of
    ///   partitions of the stage that reads
    record Shuffle(int stage, int slices) implements OfStage {}

    /// Partition `p` reads the partitions from `p * width` up to, not including, `(p + 1) * width`,
    /// those of them that exist.
    record FanIn(int stage, int width) implements OfStage {
        public FanIn {
            if (width < 1) {
                throw new IllegalArgumentException(
                        "fan-in width=%d, must be >= 1".formatted(width));
            }
        }
    }

    /// A dependency on one stage.
    sealed interface OfStage extends Dependency permits Narrow, Broadcast, Shuffle, FanIn {
        /// The stage that is read.
        int stage();

        /// True when each task reads every partition of the stage.
        default boolean readsAll() {
            return switch (this) {
                case Broadcast _, Shuffle _ -> true;
                case Narrow _, FanIn _ -> false;
            };
        }
    }

    /// Each task names the tasks it reads, of any stage, also earlier ones of its own.
    record Listed(Edges edges) implements Dependency {}
}
