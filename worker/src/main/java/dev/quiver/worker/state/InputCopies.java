package dev.quiver.worker.state;

import dev.quiver.protocol.SchedulerMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Copies of other workers' outputs: those asked for and those that have arrived, each as long as a
/// task needs it.
final class InputCopies {
    /// @param slice which slice, or [WorkerCommand#WHOLE]
    record Key(int stage, int partition, int attempt, int slice) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int order = Integer.compare(stage, other.stage);
            if (order == 0) {
                order = Integer.compare(partition, other.partition);
            }
            if (order == 0) {
                order = Integer.compare(attempt, other.attempt);
            }
            return order != 0 ? order : Integer.compare(slice, other.slice);
        }
    }

    /// One copy.
    static final class Copy {
        final Key key;
        final int holder;
        boolean arrived;

        /// Tasks and stages that keep it.
        int users;

        int tries = 1;
        long askedNanos;

        Copy(Key key, int holder, long nanos) {
            this.key = key;
            this.holder = holder;
            this.askedNanos = nanos;
        }
    }

    private final TreeMap<Key, Copy> copies = new TreeMap<>();
    private final Consumer<WorkerCommand> commands;

    InputCopies(Consumer<WorkerCommand> commands) {
        this.commands = commands;
    }

    /// Asks for a copy.
    void fetch(Copy copy) {
        Key key = copy.key;
        commands.accept(
                new WorkerCommand.Fetch(
                        key.stage, key.partition, key.attempt, key.slice, copy.holder));
    }

    /// One of its users doesn't need it any more.
    void release(Copy copy) {
        if (--copy.users > 0) {
            return;
        }
        copies.remove(copy.key);
        if (copy.arrived) {
            drop(copy.key);
        }
    }

    /// Nobody needs what has arrived.
    void drop(Key key) {
        commands.accept(
                new WorkerCommand.DropInput(key.stage, key.partition, key.attempt, key.slice));
    }

    /// Keeps a copy for tasks to come where `source`, which may not be known here, says so.
    void keepIfBroadcast(Copy copy, @Nullable StageView source) {
        if (source == null || !source.stage.broadcast() || copy.key.slice != WorkerCommand.WHOLE) {
            return;
        }
        source.broadcast.add(copy);
        copy.users++;
    }

    /// The outputs were freed of which copies are kept. Tasks that read them at this moment go on.
    void forget(List<Copy> kept, SchedulerMessage.OutputsFreed m) {
        for (Copy copy : List.copyOf(kept)) {
            int p = copy.key.partition;
            if (p >= m.from() && p < m.to() && copy.key.attempt <= m.attempt()) {
                kept.remove(copy);
                release(copy);
            }
        }
    }

    @Nullable Copy find(Key key) {
        return copies.get(key);
    }

    Copy add(Key key, int holder, long nanos) {
        var copy = new Copy(key, holder, nanos);
        copies.put(key, copy);
        return copy;
    }

    int count() {
        return copies.size();
    }

    /// Those that were asked for at `nanos` or before and haven't arrived.
    List<Copy> overdue(long nanos) {
        var overdue = new ArrayList<Copy>();
        for (Copy copy : copies.values()) {
            if (!copy.arrived && copy.askedNanos <= nanos) {
                overdue.add(copy);
            }
        }
        return overdue;
    }

    /// When the oldest one that hasn't arrived was asked for; `Long.MAX_VALUE` = none.
    long oldestNanos() {
        long oldest = Long.MAX_VALUE;
        for (Copy copy : copies.values()) {
            if (!copy.arrived) {
                oldest = Math.min(oldest, copy.askedNanos);
            }
        }
        return oldest;
    }
}
