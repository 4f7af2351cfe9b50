package dev.quiver.scheduler.state;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
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
    final ArrayDeque<AssignedRun> assigned = new ArrayDeque<>();

    private final Roster roster;
    private final List<Outstanding> outstandingByStage = new ArrayList<>(4);

    /// The one of them that was asked for last.
    private @Nullable Outstanding found;

    /// Attempts at the worker that haven't ended.
    private int outstanding;

    /// Those of them that wait and need no slot.
    private int yielded;

    /// Memory that those set aside.
    private long outstandingBytes;

    /// How many workers joined before it.
    long order;

    /// Where it is in each of the roster's heaps.
    final int[] places = new int[WorkerHeap.COUNT];

    /// The power of two of how many tasks wait for it here.
    int backlogRank;

    long heardNanos;

    /// Hasn't told yet all that it holds and runs: gets nothing.
    boolean announcing;

    /// Is to leave: gets nothing.
    boolean retiring;

    /// Was told that it may leave.
    boolean released;

    /// Where outputs are, or were, that a retiring worker holds; what has gone is removed late.
    final ArrayDeque<Run> held = new ArrayDeque<>();

    /// Of the outputs that it holds or is to copy, as far as that was added up.
    long heldBytes;

    /// Has begun another session: tasks of it are [TaskPage#UNCONFIRMED].
    boolean unconfirmed;

    /// How many attempts of a stage that isn't known it runs for a scheduler before this one.
    final TreeMap<Integer, Integer> strangers = new TreeMap<>();

    /// A question to give tasks back wasn't answered yet; what comes back goes to this worker.
    private int stealFor = TaskPage.NOBODY;

    /// How many others are asked to give tasks back for this worker.
    int questions;

    WorkerRecord(Roster roster, int id, int slots, long memoryBytes, boolean announcing) {
        this.roster = roster;
        this.announcing = announcing;
        this.id = id;
        this.slots = slots;
        this.memoryBytes = memoryBytes;
        Arrays.fill(places, WorkerHeap.NOWHERE);
    }

    /// Attempts at the worker that need slots.
    int outstanding() {
        return outstanding - yielded;
    }

    /// An attempt gives its slot back.
    void yielded() {
        yielded++;
        roster.loadChanged(this);
        roster.touch(this);
    }

    /// An attempt that gave its slot back takes one again.
    void resumed() {
        if (yielded == 0) {
            return; // it gave it back before this session, which wasn't counted
        }
        yielded--;
        roster.loadChanged(this);
    }

    int yieldedCount() {
        return yielded;
    }

    /// Nothing was assigned to it that hasn't ended.
    boolean isDone() {
        return outstanding == 0 && strangers.isEmpty();
    }

    /// Attempts at it that haven't ended, with those that need no slot.
    int attempts() {
        return outstanding;
    }

    /// It may be given tasks.
    boolean mayBeGiven() {
        return !announcing && !retiring;
    }

    long outstandingBytes() {
        return outstandingBytes;
    }

    int stealFor() {
        return stealFor;
    }

    void stealFor(int worker) {
        stealFor = worker;
    }

    boolean stealPending() {
        return stealFor != TaskPage.NOBODY;
    }

    /// It has attempts that can't have started, and no question about them is open.
    boolean canBeAsked() {
        return outstanding() > slots && !stealPending() && mayBeGiven();
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
        stage.job.share.began(stage, count);
        roster.loadChanged(this);
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
            found = null;
        }
        outstanding -= count;
        outstandingBytes -= count * stage.stage.limits().memoryBytesMin();
        stage.outstanding -= count;
        stage.job.share.ended(count);
        roster.loadChanged(this);
        roster.touch(this);
    }

    /// The worker has gone.
    void endAll() {
        yielded = 0;
        for (Outstanding entry : List.copyOf(outstandingByStage)) {
            ended(entry.stage, entry.count);
        }
    }

    int outstanding(StageState stage) {
        Outstanding entry = find(stage);
        return entry == null ? 0 : entry.count;
    }

    private @Nullable Outstanding find(StageState stage) {
        Outstanding last = found;
        if (last != null && last.stage == stage) {
            return last;
        }
        for (int i = 0; i < outstandingByStage.size(); i++) {
            Outstanding entry = outstandingByStage.get(i);
            if (entry.stage == stage) {
                found = entry;
                return entry;
            }
        }
        return null;
    }
}
