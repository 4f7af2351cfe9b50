package dev.quiver.worker.state;

import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Outputs of other workers that this one is to hold as its own, while they are fetched.
final class CopiedOutputs {
    /// One that is on its way.
    private record Coming(InputCopies.Copy copy, long rows, long bytes) {}

    private final TreeMap<InputCopies.Key, Coming> coming = new TreeMap<>();
    private final InputCopies copies;
    private final HeldOutputs held;
    private final Consumer<WorkerCommand> commands;

    CopiedOutputs(InputCopies copies, HeldOutputs held, Consumer<WorkerCommand> commands) {
        this.copies = copies;
        this.held = held;
        this.commands = commands;
    }

    /// Begins to fetch them.
    void begin(SchedulerMessage.OutputsCopied m, long now) {
        for (int i = 0; i < m.rows().size(); i++) {
            int p = m.from() + i;
            var key = new InputCopies.Key(m.stage(), p, m.attempt(), WorkerCommand.WHOLE);
            if (coming.containsKey(key)) {
                continue; // asked for twice: answered once it is here
            }
            InputCopies.Copy known = copies.find(key);
            InputCopies.Copy copy = known == null ? copies.add(key, m.worker(), now) : known;
            copy.users++;
            coming.put(key, new Coming(copy, m.rows().get(i), m.bytes().get(i)));
            if (known == null) {
                copies.fetch(copy);
            } else if (copy.arrived) {
                arrived(copy);
            }
        }
    }

    private static WorkerMessage copied(InputCopies.Key key) {
        return new WorkerMessage.Copied(key.stage(), key.partition(), key.attempt());
    }

    private static WorkerMessage notCopied(InputCopies.Key key) {
        return new WorkerMessage.NotCopied(key.stage(), key.partition(), key.attempt());
    }

    private void report(WorkerMessage message) {
        commands.accept(new WorkerCommand.Report(message));
    }

    /// The copy is here: when it is one of these, it is held from now on.
    void arrived(InputCopies.Copy copy) {
        Coming one = coming.remove(copy.key);
        if (one == null) {
            return;
        }
        InputCopies.Key key = copy.key;
        int own = held.attempt(key.stage(), key.partition());
        if (own > key.attempt()) {
            report(notCopied(key)); // it was made here meanwhile
        } else if (own == key.attempt()) {
            report(copied(key)); // asked for twice
        } else {
            if (own != 0) {
                commands.accept(new WorkerCommand.DropOutput(key.stage(), key.partition(), own));
            }
            commands.accept(
                    new WorkerCommand.KeepInput(key.stage(), key.partition(), key.attempt()));
            held.put(key.stage(), key.partition(), key.attempt(), one.rows, one.bytes);
            report(copied(key));
        }
        copies.release(copy);
    }

    /// The copy won't come.
    void unavailable(InputCopies.Copy copy) {
        if (coming.remove(copy.key) != null) {
            report(notCopied(copy.key));
            copies.release(copy);
        }
    }

    /// Nobody asks for them any more.
    void abandon() {
        for (Coming one : coming.values()) {
            copies.release(one.copy);
        }
        coming.clear();
    }

    boolean isEmpty() {
        return coming.isEmpty();
    }
}
