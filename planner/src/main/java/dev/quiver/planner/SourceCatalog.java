package dev.quiver.planner;

import java.util.List;

/// What a session knows about the chunks that it holds: all that planning needs of them.
public interface SourceCatalog {
    /// A catalog that holds nothing.
    SourceCatalog EMPTY =
            id -> {
                throw new IllegalArgumentException("nothing is held under " + id);
            };

    /// What is held under the id of a [LogicalPlan.Held].
    ///
    /// @throws dev.quiver.error.QuiverException (UNAVAILABLE) when it was released
    HeldChunks held(String id);

    /// Held chunks and how tasks get them.
    sealed interface HeldChunks {
        /// Rows and bytes of each partition, in order; at least one partition.
        List<Part> parts();

        default long rows() {
            return parts().stream().mapToLong(Part::rows).sum();
        }

        default long bytes() {
            return parts().stream().mapToLong(Part::bytes).sum();
        }
    }

    /// The kept output of a stage that ran: later stages depend on it.
    ///
    /// @param slices into how many slices of neighbouring rows each partition is cut
    record StageOutput(int stage, List<Part> parts, int slices) implements HeldChunks {
        public StageOutput {
            parts = List.copyOf(parts);
        }
    }

    /// Chunks that the session itself holds: [dev.quiver.operator.Source.Held] reads them.
    record SessionChunks(List<Part> parts) implements HeldChunks {
        public SessionChunks {
            parts = List.copyOf(parts);
        }
    }

    /// The size of a partition.
    record Part(long rows, long bytes) {}
}
