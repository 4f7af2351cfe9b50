package dev.quiver.scheduler.server;

import dev.quiver.schema.Schema;
import java.util.List;
import java.util.Optional;

/// What all sessions find under a name: a frame or a value.
///
/// @param stage whose output it is; −1 when it isn't one
/// @param schema of a frame; empty for a value
/// @param partitions how many it has
/// @param missing how many of them are being made anew
/// @param rows of those that are there; 1 for a value
/// @param bytes of those that are there, as they are in memory; −1 when that isn't known
/// @param workers who hold them; none when the process itself does
public record CatalogEntry(
        String name,
        int stage,
        Optional<Schema> schema,
        int partitions,
        int missing,
        long rows,
        long bytes,
        List<Integer> workers) {
    public CatalogEntry {
        workers = List.copyOf(workers);
    }
}
