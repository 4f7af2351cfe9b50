package dev.quiver.worker.state;

import dev.quiver.protocol.WorkerMessage;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/// Attempts that run but have given their slots back, since they wait for something that other
/// tasks do.
final class YieldedSlots {
    private final Consumer<WorkerCommand> commands;

    /// Those that want to go on, in the order in which they said so.
    private final ArrayDeque<Attempt> resuming = new ArrayDeque<>();

    private int count;

    YieldedSlots(Consumer<WorkerCommand> commands) {
        this.commands = commands;
    }

    /// How many there are.
    int count() {
        return count;
    }

    /// The attempt gives its slot back.
    void giveBack(Attempt attempt) {
        if (attempt.yielded) {
            return;
        }
        attempt.yielded = true;
        count++;
        announce(attempt);
    }

    /// Tells, also another scheduler, where the attempt has given its slot back.
    void announce(Attempt attempt) {
        if (attempt.yielded) {
            report(
                    attempt,
                    new WorkerMessage.Yielded(attempt.stage(), attempt.partition, attempt.number));
        }
    }

    private void report(Attempt attempt, WorkerMessage message) {
        if (!attempt.untold) {
            commands.accept(new WorkerCommand.Report(message));
        }
    }

    /// The attempt wants to go on.
    void resume(Attempt attempt) {
        if (attempt.yielded && !resuming.contains(attempt)) {
            resuming.add(attempt);
        }
    }

    /// Lets so many go on that want to.
    void goOn(int slotsFree) {
        for (int i = 0; i < slotsFree && !resuming.isEmpty(); i++) {
            Attempt first = resuming.element();
            taken(first);
            commands.accept(new WorkerCommand.Resume(first.stage(), first.partition, first.number));
        }
    }

    /// The attempt has a slot again, or has ended.
    void taken(Attempt attempt) {
        if (!attempt.yielded) {
            return;
        }
        attempt.yielded = false;
        resuming.remove(attempt);
        count--;
        report(
                attempt,
                new WorkerMessage.Resumed(attempt.stage(), attempt.partition, attempt.number));
    }
}
