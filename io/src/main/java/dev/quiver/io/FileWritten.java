package dev.quiver.io;

/// A file that is complete under its temporary name.
///
/// @param bytes the file's size
public record FileWritten(long rows, long bytes) {}
