package dev.quiver.scheduler.state;

import java.util.Optional;

/// The output of a task.
///
/// @param attempt the attempt that made it
/// @param worker the worker that holds it
/// @param replica a second worker that holds it, too
public record OutputStatus(
        int attempt, int worker, Optional<Integer> replica, long rows, long bytes) {}
