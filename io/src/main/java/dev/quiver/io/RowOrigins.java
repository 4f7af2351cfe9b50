package dev.quiver.io;

import java.util.Optional;

/// Where the rows of the chunk come from that a reader gave last; good until it is asked for the
/// next one. Cheapest when asked in ascending order.
@FunctionalInterface
public interface RowOrigins {
    /// For rows that come from nowhere in particular.
    RowOrigins UNKNOWN = _ -> Optional.empty();

    /// @param row of the chunk
    Optional<RowOrigin> of(int row);
}
