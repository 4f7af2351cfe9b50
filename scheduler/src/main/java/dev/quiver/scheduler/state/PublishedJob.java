package dev.quiver.scheduler.state;

import dev.quiver.operator.Bytes;

/// A job whose outputs all clients find.
///
/// @param content what they need to know to read them
public record PublishedJob(String name, long job, Bytes content) {}
