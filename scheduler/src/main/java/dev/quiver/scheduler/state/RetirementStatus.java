package dev.quiver.scheduler.state;

/// What a worker that is to leave has left.
///
/// @param tasks that run there or wait there to be given back
/// @param outputs that it holds and that are needed
/// @param bytes of those
/// @param released whether it was told that it may go
public record RetirementStatus(int worker, int tasks, long outputs, long bytes, boolean released) {}
