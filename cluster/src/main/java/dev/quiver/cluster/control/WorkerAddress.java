package dev.quiver.cluster.control;

/// Where a worker gives away what it holds.
///
/// @param worker its number
public record WorkerAddress(int worker, String host, int port) {}
