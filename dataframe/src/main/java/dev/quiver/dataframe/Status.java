package dev.quiver.dataframe;

/// Where a task stands.
///
/// ```java
/// if (future.status() == Status.FAILED) log.warn("{}", future.story());
/// ```
public enum Status {
    /// Waits for the results it needs, for a slot or for memory.
    WAITING,
    /// Runs on a worker.
    RUNNING,
    /// Its result is there.
    FINISHED,
    /// It threw, ran past its timeout, or something it needs failed.
    FAILED,
    /// Someone cancelled it.
    CANCELLED;

    /// Whether nothing more will happen.
    public boolean isFinal() {
        return this == FINISHED || this == FAILED || this == CANCELLED;
    }
}
