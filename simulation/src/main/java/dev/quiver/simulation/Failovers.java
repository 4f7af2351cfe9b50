package dev.quiver.simulation;

import dev.quiver.graph.TaskKey;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/// How often schedulers die in a run, how, and what must not happen then.
final class Failovers {
    static final long GRACE_NANOS = 1_200 * Timeline.MILLI;

    /// The scheduler can be replaced.
    final boolean possible;

    /// Nothing but the scheduler dies, and all workers come in time.
    final boolean alone;

    /// The user does nothing that makes outputs needed again that were released.
    final boolean simple;

    /// Schedulers that will die and haven't been replaced.
    int left;

    /// Of these, those that die soon after the user says something.
    int waiting;

    int takeovers;

    /// A worker came after the recovery was over.
    int late;

    /// Sessions that began anew with the same scheduler.
    int resyncs;

    /// How often each task was started that was known to the log.
    private final TreeMap<Long, Integer> starts = new TreeMap<>();

    private final TreeSet<Long> startedUnlogged = new TreeSet<>();

    Failovers(SplittableRandom random, boolean possible) {
        this.possible = possible;
        this.alone = possible && random.nextInt(3) == 0;
        this.simple = alone && random.nextBoolean();
        this.left = possible ? 1 + (random.nextInt(4) == 0 ? 1 + random.nextInt(2) : 0) : 0;
        this.waiting = random.nextInt(left + 1);
    }

    /// A task starts.
    ///
    /// @param logged whether its submission survives the scheduler
    void started(long task, boolean logged) {
        starts.merge(task, 1, Integer::sum);
        if (!logged) {
            startedUnlogged.add(task);
        }
    }

    /// Whatever had finished or ran when a scheduler died isn't done again.
    void checkNothingRanTwice() {
        starts.forEach((task, count) -> {
            if (count > 1 && !startedUnlogged.contains(task)) {
                throw new IllegalStateException(
                        "task %s ran %d times although only schedulers died"
                                .formatted(TaskKey.unpack(task), count));
            }
        });
    }
}
