package dev.quiver.scheduler.state;

import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.Failure;

/// Why a task has failed for good, and the task where that began.
record TaskFailure(Failure failure, TaskKey origin) {}
