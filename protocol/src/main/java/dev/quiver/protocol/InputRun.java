package dev.quiver.protocol;

/// Where a run of outputs is that a task reads: partitions from `from` up to, not including, `to`
/// of `stage`, all computed by the same attempt on the same worker.
///
/// @param dependency which of the reading stage's inputs it is
/// @param attempt the attempt whose output it is
/// @param worker the worker that holds it
public record InputRun(int dependency, int stage, int from, int to, int attempt, int worker) {}
