package dev.quiver.cluster.control;

import dev.quiver.operator.Bytes;
import java.util.List;

/// The code of tasks that follow each other.
///
/// @param from the first task's partition
/// @param codes of each task, as [dev.quiver.client.TaskCode] makes them
public record TaskCodes(int stage, int from, List<Bytes> codes) {
    public TaskCodes {
        codes = List.copyOf(codes);
    }
}
