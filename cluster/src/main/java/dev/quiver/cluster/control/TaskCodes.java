package dev.quiver.cluster.control;

import dev.quiver.protocol.CodeBatch;

/// The code of tasks that follow each other.
///
/// @param from the first task's partition
/// @param codes of the tasks, as [dev.quiver.client.TaskCode] makes them
public record TaskCodes(int stage, int from, CodeBatch codes) {}
