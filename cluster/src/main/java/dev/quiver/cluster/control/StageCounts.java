package dev.quiver.cluster.control;

import java.util.List;

/// What tasks of a stage did on a worker since it told of that last.
///
/// @param figures rows, bytes and nanoseconds of each part of the stage's pipeline, the source
///   first
public record StageCounts(int stage, List<Long> figures) {
    public StageCounts {
        figures = List.copyOf(figures);
    }
}
