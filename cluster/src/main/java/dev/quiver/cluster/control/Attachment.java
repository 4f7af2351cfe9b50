package dev.quiver.cluster.control;

import dev.quiver.operator.Bytes;

/// Something small that goes along with a report about a task: the result of user code, or what it
/// threw.
///
/// @param content as [dev.quiver.client.Packed] makes it
public record Attachment(int stage, int partition, int attempt, Bytes content) {}
