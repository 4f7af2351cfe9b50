package dev.quiver.cluster.control;

/// A line that a submitted program or a task printed.
///
/// @param error whether on standard error
public record PrintedLine(boolean error, String text) {}
