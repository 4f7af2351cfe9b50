package dev.quiver.simulation;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// What will happen when: the simulation's clock. Things due at the same time happen in the order
/// in which they were planned.
final class Timeline {
    static final long MILLI = 1_000_000;

    private record Due(long nanos, long sequence, Runnable action) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int order = Long.compare(nanos, other.nanos);
            return order != 0 ? order : Long.compare(sequence, other.sequence);
        }
    }

    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private long sequence;
    private long now;

    long now() {
        return now;
    }

    void after(long nanos, Runnable action) {
        queue.add(new Due(now + nanos, sequence++, action));
    }

    /// Lets the next thing happen; false when there is none.
    boolean step() {
        @Nullable Due due = queue.poll();
        if (due == null) {
            return false;
        }
        now = due.nanos;
        due.action.run();
        return true;
    }
}
