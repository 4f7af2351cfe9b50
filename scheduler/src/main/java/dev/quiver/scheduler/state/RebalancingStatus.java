package dev.quiver.scheduler.state;

/// What is still to go from fuller workers to emptier ones.
///
/// @param outputs that are to move or are on their way
/// @param bytes of those
public record RebalancingStatus(long outputs, long bytes) {}
