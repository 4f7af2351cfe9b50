package dev.quiver.worker.state;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Assignments whose tasks haven't all started, in the order in which they came.
final class TaskQueue {
    private final ArrayDeque<Queued> queue = new ArrayDeque<>();

    void add(Queued queued) {
        queue.add(queued);
    }

    /// The one that goes first; null when there is none.
    @Nullable Queued peek() {
        return queue.peek();
    }

    /// Takes the first one out.
    void remove() {
        queue.remove();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /// Takes all out.
    List<Queued> removeAll() {
        List<Queued> all = List.copyOf(queue);
        queue.clear();
        return all;
    }

    /// Takes those of the tasks out that are here, as parts of assignments.
    List<Queued> remove(int stage, int from, int to, int attempt) {
        var taken = new ArrayList<Queued>(1);
        for (int rounds = queue.size(); rounds > 0; rounds--) {
            Queued queued = queue.remove();
            if (queued.view.stage.id() != stage
                    || queued.attempt != attempt
                    || queued.to <= from
                    || queued.from >= to) {
                queue.add(queued);
                continue;
            }
            int low = Math.max(from, queued.from);
            int high = Math.min(to, queued.to);
            if (queued.from < low) {
                queue.add(new Queued(queued, queued.from, low));
            }
            if (high < queued.to) {
                queue.add(new Queued(queued, high, queued.to));
            }
            taken.add(new Queued(queued, low, high));
        }
        return taken;
    }
}
