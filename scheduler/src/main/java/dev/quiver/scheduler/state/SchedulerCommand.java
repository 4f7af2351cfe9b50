package dev.quiver.scheduler.state;

import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.LogRecord;
import dev.quiver.protocol.SchedulerMessage;

/// Something that the scheduler's shell must do.
public sealed interface SchedulerCommand {
    /// Send `message` to `worker`. Messages to one worker must arrive in this order, each once.
    record Tell(int worker, SchedulerMessage message) implements SchedulerCommand {}

    /// Hand `notice` to the client, in order, after each [WriteDown] before it is safe. When the
    /// client isn't there it is thrown away.
    record Notify(long client, ClientNotice notice) implements SchedulerCommand {}

    /// Write this down so that the next scheduler reads it. Only where it can be replaced.
    ///
    /// @param ahead true when no [Tell] after it may go out before it is safe, since that may take
    ///   away what can't be brought back
    record WriteDown(LogRecord entry, boolean ahead) implements SchedulerCommand {}

    /// The worker hasn't been heard of for a lease and counts as lost; cut the connection.
    record Dismiss(int worker) implements SchedulerCommand {}
}
