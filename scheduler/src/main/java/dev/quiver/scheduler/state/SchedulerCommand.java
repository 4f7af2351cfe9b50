package dev.quiver.scheduler.state;

import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.SchedulerMessage;

/// Something that the scheduler's shell must do.
public sealed interface SchedulerCommand {
    /// Send `message` to `worker`. Messages to one worker must arrive in this order, each once.
    record Tell(int worker, SchedulerMessage message) implements SchedulerCommand {}

    /// Hand `notice` to the client of the job.
    record Notify(ClientNotice notice) implements SchedulerCommand {}

    /// The worker hasn't been heard of for a lease and counts as lost; cut the connection.
    record Dismiss(int worker) implements SchedulerCommand {}
}
