package dev.quiver.worker.state;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
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

    @Nullable Copy find(Key key) {
        return copies.get(key);
    }

    Copy add(Key key, int holder, long nanos) {
        var copy = new Copy(key, holder, nanos);
        copies.put(key, copy);
        return copy;
    }

    void remove(Copy copy) {
        copies.remove(copy.key);
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
