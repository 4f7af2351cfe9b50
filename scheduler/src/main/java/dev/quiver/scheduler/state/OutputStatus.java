package dev.quiver.scheduler.state;

/// The output of a task.
///
/// @param attempt the attempt that made it
/// @param worker the worker that holds it
public record OutputStatus(int attempt, int worker, long rows, long bytes) {}
