package dev.quiver.cluster.control;

/// A line that a submitted program printed.
///
/// @param error whether on standard error
public record DriverLine(boolean error, String text) {}
