package dev.quiver.pipeline;

import java.nio.file.Path;
import java.util.List;

/// What an [Erasure] deleted, or would delete.
///
/// @param rows that were deleted
/// @param files that these rows were in, absolute; now without them, or gone
/// @param filesRead all files that were looked into
/// @param quarantined rows of quarantines whose text was removed
public record Erased(long rows, List<Path> files, int filesRead, long quarantined) {
    public Erased {
        files = List.copyOf(files);
    }
}
