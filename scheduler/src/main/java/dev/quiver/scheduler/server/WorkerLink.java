package dev.quiver.scheduler.server;

import dev.quiver.protocol.SchedulerMessage;

/// The way to a worker: messages arrive in order, each once.
public interface WorkerLink {
    /// Leaves a message for the worker.
    ///
    /// @return true when the caller must call [#deliver] soon
    boolean tell(SchedulerMessage message);

    /// Lets the worker take in what was left for it.
    void deliver();

    /// The scheduler has given the worker up and tells it nothing any more.
    void dismiss();
}
