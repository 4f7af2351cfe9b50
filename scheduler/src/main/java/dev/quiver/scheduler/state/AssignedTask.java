package dev.quiver.scheduler.state;

/// An attempt that was given to a worker and hasn't ended.
///
/// @param name of its stage
/// @param nanos since it was given
/// @param started whether the worker has said that it runs; workers of the same process don't
public record AssignedTask(
        int stage, String name, int partition, int attempt, long nanos, boolean started) {}
