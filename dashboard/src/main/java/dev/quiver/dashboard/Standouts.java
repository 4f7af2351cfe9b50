package dev.quiver.dashboard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/// The attempts at tasks of some stages that are worth a look: those that failed, the last one
/// first, then those that took longest.
final class Standouts {
    private static final int FAILED_MAX = 10;
    private static final int LONGEST_MAX = 10;

    private Standouts() {}

    static List<TaskRing.Ended> of(TaskRing ring, Set<Integer> stages) {
        var found = new ArrayList<TaskRing.Ended>();
        var longest =
                new PriorityQueue<TaskRing.Ended>(
                        Comparator.comparingInt(TaskRing.Ended::durationMicros));
        long oldest = ring.oldest();
        for (long i = ring.head() - 1; i >= oldest; i--) {
            TaskRing.Ended task = ring.get(i);
            if (!stages.contains(task.stage())) continue;
            if (task.failed()) {
                if (found.size() < FAILED_MAX) found.add(task);
                continue;
            }
            longest.add(task);
            if (longest.size() > LONGEST_MAX) longest.remove();
        }
        var rest = new ArrayList<>(longest);
        rest.sort(Comparator.comparingInt(TaskRing.Ended::durationMicros).reversed());
        found.addAll(rest);
        return found;
    }
}
