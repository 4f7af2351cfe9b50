package dev.quiver.scheduler.state;

import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.LogRecord;
import dev.quiver.protocol.WorkerMessage;
import java.util.List;

/// Something that happened outside the scheduler.
public sealed interface SchedulerEvent {
    /// @param client a number that no other client ever had
    /// @param sequence counts the client's messages from 1, so that one which is said again counts
    ///   once; 0 = not numbered and never said again
    record ClientSaid(long client, long sequence, ClientMessage message) implements SchedulerEvent {
        /// From the only client of a scheduler that is never replaced.
        public ClientSaid(ClientMessage message) {
            this(0, 0, message);
        }
    }

    /// A client is there, for the first time or again: it is told what holds, at first by
    /// [dev.quiver.protocol.ClientNotice.Accepted] what it must say again.
    ///
    /// @param stages those that were accepted and of which it doesn't know that they were forgotten
    record ClientAttached(long client, List<Integer> stages) implements SchedulerEvent {
        public ClientAttached {
            stages = List.copyOf(stages);
        }
    }

    /// The client has gone for good: its jobs are released.
    record ClientLost(long client) implements SchedulerEvent {}

    /// The scheduler before this one wrote this down. All of these come before [TookOver], and that
    /// before anything else but [Ticked]. Nothing is answered.
    record Logged(LogRecord entry) implements SchedulerEvent {}

    /// The log was read: workers may come and tell what they hold and run. Nothing is given out
    /// until all that were expected have told all, or [SchedulerSettings#graceNanos()] have passed.
    ///
    /// @param workers those that are known to be there; empty when that isn't known: then the whole
    ///   time is waited
    record TookOver(List<Integer> workers) implements SchedulerEvent {
        public TookOver {
            workers = List.copyOf(workers);
        }
    }

    /// All reports of one worker that were there, in the order in which it made them.
    record WorkerSaid(int worker, List<WorkerMessage> messages) implements SchedulerEvent {
        public WorkerSaid {
            messages = List.copyOf(messages);
        }
    }

    /// A worker is there. Where the scheduler can be replaced, it then tells what it holds and
    /// runs, and it may come again with the same number: its connection broke. Else who comes back
    /// has a new number.
    ///
    /// @param slots how many tasks it runs at a time
    /// @param memoryBytes its budget of counted memory
    record WorkerJoined(int worker, int slots, long memoryBytes) implements SchedulerEvent {}

    /// The worker has gone, and what it held with it. Later reports of it are ignored.
    record WorkerLost(int worker) implements SchedulerEvent {}

    /// The worker is alive and has nothing to say.
    record WorkerHeard(int worker) implements SchedulerEvent {}

    /// Workers that hold much are to give some of it to those that hold little.
    record RebalanceAsked() implements SchedulerEvent {}

    /// The time. Comes before other events whenever it has changed, at the latest at
    /// [SchedulerState#wakeNanos()].
    ///
    /// @param nanos from any fixed point; never goes back
    record Ticked(long nanos) implements SchedulerEvent {}
}
