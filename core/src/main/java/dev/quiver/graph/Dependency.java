package dev.quiver.graph;

import java.util.List;
import java.util.Optional;

/// What the tasks of a stage read from another stage.
public sealed interface Dependency {
    /// What partition `partition` of the stage that reads takes of each slice that it reads; empty
    /// when it reads whole outputs.
    default Optional<Region> region(int partition) {
        return switch (this) {
            case Shuffle _ -> Optional.of(Region.ofSlices(partition, partition + 1));
            case Regions(_, var regions) -> Optional.of(regions.get(partition));
            case FanOut out -> Optional.of(out.part(partition));
            case Narrow _, Broadcast _, FanIn _, Listed _ -> Optional.empty();
        };
    }

    /// Partition `p` reads partition `p`; both stages have the same number of partitions.
    record Narrow(int stage) implements OfStage {}

    /// Every partition reads all partitions of `stage`.
    record Broadcast(int stage) implements OfStage {}

    /// Partition `p` reads slice `p` of every partition of `stage`.
    ///
    /// @param slices into how many slices the output of each partition is cut: the number of
    ///   partitions of the stage that reads
    record Shuffle(int stage, int slices) implements OfStage {}

    /// Partition `p` reads `regions.get(p)` of a stage, slice by slice, each of all its partitions
    /// in order. It waits for all partitions of the stage all the same.
    record Regions(int stage, List<Region> regions) implements OfStage {
        public Regions {
            regions = List.copyOf(regions);
        }
    }

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

    /// Partition `p` reads the `p % width`-th of `width` parts, each of neighbouring slices, of the
    /// partition `p / width`.
    ///
    /// @param slices into how many slices the output of each partition is cut
    record FanOut(int stage, int width, int slices) implements OfStage {
        public FanOut {
            if (width < 1 || slices < width) {
                throw new IllegalArgumentException(
                        "fan-out width=%d of %d slices, must be from 1 to that many"
                                .formatted(width, slices));
            }
        }

        private Region part(int partition) {
            int read = partition / width;
            long part = partition % width;
            int from = (int) (part * slices / width);
            int to = (int) ((part + 1) * slices / width);
            return new Region(read, read + 1, from, to);
        }
    }

    /// A dependency on one stage.
    sealed interface OfStage extends Dependency
            permits Narrow, Broadcast, Shuffle, Regions, FanIn, FanOut {
        /// The stage that is read.
        int stage();

        /// True when each task waits for every partition of the stage.
        default boolean readsAll() {
            return switch (this) {
                case Broadcast _, Shuffle _, Regions _ -> true;
                case Narrow _, FanIn _, FanOut _ -> false;
            };
        }
    }

    /// Each task names the tasks it reads, of any stage, also earlier ones of its own.
    record Listed(Edges edges) implements Dependency {}
}
