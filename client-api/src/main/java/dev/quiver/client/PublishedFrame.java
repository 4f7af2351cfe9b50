package dev.quiver.client;

import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.planner.SourceCatalog.Part;
import dev.quiver.schema.Schema;
import java.util.List;

/// What the catalog of a cluster says of a frame. Not for users.
///
/// @param stage whose output it is
/// @param parts its partitions
/// @param slices into how many each of them is cut
public record PublishedFrame(
        int stage, String label, Schema schema, RowOrder order, List<Part> parts, int slices)
        implements Published {
    public PublishedFrame {
        parts = List.copyOf(parts);
    }
}
