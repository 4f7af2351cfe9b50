package dev.quiver.scheduler.state;

import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.WorkerMessage;
import java.util.List;

/// Something that happened outside the scheduler.
public sealed interface SchedulerEvent {
    record ClientSaid(ClientMessage message) implements SchedulerEvent {}

    /// All reports of one worker that were there, in the order in which it made them.
    record WorkerSaid(int worker, List<WorkerMessage> messages) implements SchedulerEvent {
        public WorkerSaid {
            messages = List.copyOf(messages);
        }
    }

    /// A worker that was never there before: who comes back has a new number.
    ///
    /// @param slots how many tasks it runs at a time
    /// @param memoryBytes its budget of counted memory
    record WorkerJoined(int worker, int slots, long memoryBytes) implements SchedulerEvent {}

    /// The worker has gone, and what it held with it. Later reports of it are ignored.
    record WorkerLost(int worker) implements SchedulerEvent {}

    /// The worker is alive and has nothing to say.
    record WorkerHeard(int worker) implements SchedulerEvent {}

    /// The time. Comes before other events whenever it has changed, at the latest at
    /// [SchedulerState#wakeNanos()].
    ///
    /// @param nanos from any fixed point; never goes back
    record Ticked(long nanos) implements SchedulerEvent {}
}
