package dev.quiver.client;

import dev.quiver.graph.TaskKey;
import org.jspecify.annotations.Nullable;

/// What a task is called with that isn't part of its code.
sealed interface TaskInput permits TaskFuture, ScatteredValue, PublishedValue {
    /// The session's that it belongs to.
    TaskBook book();

    /// Whose output it is where it is read from a worker.
    TaskKey key();

    /// Whether a task may be given it as it is; else the task reads it from where it is.
    boolean isDone();

    /// The value as it is held; null while there is none.
    @Nullable Object held();

    /// How it failed; null when it hasn't.
    @Nullable Failed failed();

    /// How it travels.
    Packing packing();

    /// Whether all tasks of a worker may be given the same object.
    boolean isShared();
}
