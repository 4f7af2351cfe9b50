package dev.quiver.operator;

/// Row groups `[from, to)` of a Parquet file, with what the file looked like when the plan was
/// made.
///
/// @param path absolute
public record RowGroups(String path, int from, int to, long rows, long size, long modifiedNanos) {}
