package dev.quiver.cluster.control;

import dev.quiver.schema.Schema;
import java.util.List;
import java.util.Optional;

/// A published frame, and where its rows are.
///
/// @param stage whose output it is
/// @param partitions in order; none where one is being made anew
public record PublishedRows(
        String name, int stage, Schema schema, List<Optional<Partition>> partitions) {
    public PublishedRows {
        partitions = List.copyOf(partitions);
    }

    /// @param attempt that made it
    /// @param holder the worker that holds it
    public record Partition(int attempt, WorkerAddress holder, long rows, long bytes) {}
}
