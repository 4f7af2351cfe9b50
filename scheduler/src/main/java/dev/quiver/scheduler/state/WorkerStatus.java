package dev.quiver.scheduler.state;

/// What the scheduler knows of a worker.
///
/// @param attempts that it was given and that haven't ended
/// @param yielded those of them that wait for other tasks and need no slot
/// @param quietNanos since it was heard of; −1 where workers can't fall silent, as in one process
/// @param retiring whether it is to leave
public record WorkerStatus(
        int worker, int attempts, int yielded, long quietNanos, boolean retiring) {}
