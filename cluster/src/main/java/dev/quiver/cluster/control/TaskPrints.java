package dev.quiver.cluster.control;

import java.util.List;

/// What a client's tasks printed on a worker.
///
/// @param worker its name
/// @param missing how many lines more there were, which only the worker's own output has
public record TaskPrints(String worker, List<PrintedLine> lines, long missing) {
    public TaskPrints {
        lines = List.copyOf(lines);
    }
}
