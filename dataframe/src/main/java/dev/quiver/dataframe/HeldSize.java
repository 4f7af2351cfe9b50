package dev.quiver.dataframe;

/// How much a session keeps of a persisted frame or a table. Not for users.
///
/// @param bytes of its chunks, wherever they are
public record HeldSize(long rows, long bytes) {}
