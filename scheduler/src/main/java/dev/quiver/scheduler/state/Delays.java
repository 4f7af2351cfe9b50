package dev.quiver.scheduler.state;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Tasks whose back-off isn't over, by the time when it is.
final class Delays {
    record Delay(long dueNanos, long sequence, StageState stage, int partition, int attempt)
            implements Comparable<Delay> {
        @Override
        public int compareTo(Delay other) {
            int byTime = Long.compare(dueNanos, other.dueNanos);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    private final PriorityQueue<Delay> queue = new PriorityQueue<>();
    private long sequence;

    void add(long dueNanos, StageState stage, int partition) {
        queue.add(
                new Delay(dueNanos, sequence++, stage, partition, stage.tasks.attempt(partition)));
    }

    /// The next delay that is over at `nanos`, or null. It may be of a task that has moved on.
    @Nullable Delay poll(long nanos) {
        Delay first = queue.peek();
        return first == null || first.dueNanos > nanos ? null : queue.poll();
    }

    long nextNanos() {
        Delay first = queue.peek();
        return first == null ? Long.MAX_VALUE : first.dueNanos;
    }
}
