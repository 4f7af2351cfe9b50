package dev.quiver.scheduler.state;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the scheduler knows of a worker.
final class WorkerRecord {
    /// How many attempts of a stage are at the worker.
    static final class Outstanding {
        final StageState stage;
        int count;

        Outstanding(StageState stage) {
            this.stage = stage;
        }
    }

    final int id;
    final int slots;
    final long memoryBytes;
    final RunQueue queue = new RunQueue();

    /// What it was assigned, oldest first; what has ended is removed late.
    final ArrayDeque<Run> assigned = new ArrayDeque<>();

    private final List<Outstanding> outstandingByStage = new ArrayList<>(4);

    /// Attempts at the worker that haven't ended.
    int outstanding;

    /// Memory that those set aside.
    long outstandingBytes;

    long heardNanos;

    /// Hasn't told yet all that it holds and runs: gets nothing.
    boolean announcing;

    /// Has begun another session: tasks of it are [TaskPage#UNCONFIRMED].
    boolean unconfirmed;

    /// How many attempts of a stage that isn't known it runs for a scheduler before this one.
    final TreeMap<Integer, Integer> strangers = new TreeMap<>();

    /// A question to give tasks back wasn't answered yet; what comes back goes to this worker.
    int stealFor = TaskPage.NOBODY;

    WorkerRecord(int id, int slots, long memoryBytes, boolean announcing, long nanos) {
        this.announcing = announcing;
        this.id = id;
        this.slots = slots;
        this.memoryBytes = memoryBytes;
        this.heardNanos = nanos;
    }

    boolean stealPending() {
        return stealFor != TaskPage.NOBODY;
    }

    void began(StageState stage, int count) {
        Outstanding entry = find(stage);
        if (entry == null) {
            entry = new Outstanding(stage);
            outstandingByStage.add(entry);
        }
        entry.count += count;
        outstanding += count;
        outstandingBytes += count * stage.stage.limits().memoryBytesMin();
        stage.outstanding += count;
    }

    void ended(StageState stage, int count) {
        Outstanding entry = find(stage);
        if (entry == null || entry.count < count) {
            throw new IllegalStateException(
                    "worker %d ended %d attempts of %s, which it doesn't have"
                            .formatted(id, count, stage));
        }
        entry.count -= count;
        if (entry.count == 0) {
            outstandingByStage.remove(entry);
        }
        outstanding -= count;
        outstandingBytes -= count * stage.stage.limits().memoryBytesMin();
        stage.outstanding -= count;
    }

    /// The worker has gone.
    void endAll() {
        for (Outstanding entry : List.copyOf(outstandingByStage)) {
            ended(entry.stage, entry.count);
        }
    }

    int outstanding(StageState stage) {
        Outstanding entry = find(stage);
        return entry == null ? 0 : entry.count;
    }

    private @Nullable Outstanding find(StageState stage) {
        for (Outstanding entry : outstandingByStage) {
            if (entry.stage == stage) {
                return entry;
            }
        }
        return null;
    }
}
