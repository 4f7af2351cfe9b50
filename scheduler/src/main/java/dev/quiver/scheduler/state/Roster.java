package dev.quiver.scheduler.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The workers, and which of them are worth a look.
///
/// A worker that is neither announcing nor retiring is in one of four states. Due: something about
/// it has changed since it was last looked at. Hungry: it would take more, but there was nothing
/// for it. Short: it has slots but not the memory for what would come next. Else it is full: it has
/// as much as it may have, so that a report of its own must come before it can take more.
final class Roster {
    private static final int DUE = 0;
    private static final int HUNGRY = 1;
    private static final int SHORT = 2;
    private static final int LOADED = 3;
    private static final int BACKLOGGED = 4;

    /// The least loaded on top.
    final WorkerHeap due = new WorkerHeap(DUE, Roster::lessLoaded);

    /// The least loaded on top.
    final WorkerHeap hungry = new WorkerHeap(HUNGRY, Roster::lessLoaded);

    private final WorkerHeap shortOfMemory = new WorkerHeap(SHORT, Roster::lessLoaded);

    /// Those that have more attempts than slots and can be asked to give some back; the most loaded
    /// on top.
    final WorkerHeap loaded = new WorkerHeap(LOADED, Roster::moreLoaded);

    /// Those for which tasks wait here; the most of them on top, by powers of two.
    final WorkerHeap backlogged = new WorkerHeap(BACKLOGGED, Roster::longerBacklog);

    private final List<WorkerRecord> all = new ArrayList<>();
    private final List<WorkerRecord> staying = new ArrayList<>();
    private final List<WorkerRecord> retiring = new ArrayList<>();
    private @Nullable WorkerRecord[] byId = new WorkerRecord[8];
    private long joined;
    private int slots;

    /// No worker was heard of earlier than that.
    private long quietSince = Long.MAX_VALUE;

    /// True when `a` goes before `b` when both can take something.
    static boolean lessLoaded(WorkerRecord a, WorkerRecord b) {
        long first = (long) a.outstanding() * b.slots;
        long second = (long) b.outstanding() * a.slots;
        return first == second ? a.order < b.order : first < second;
    }

    private static boolean moreLoaded(WorkerRecord a, WorkerRecord b) {
        return (long) a.outstanding() * b.slots > (long) b.outstanding() * a.slots;
    }

    private static boolean longerBacklog(WorkerRecord a, WorkerRecord b) {
        return a.backlogRank > b.backlogRank;
    }

    /// In the order in which they joined.
    List<WorkerRecord> all() {
        return all;
    }

    int size() {
        return all.size();
    }

    /// Those that aren't to leave, in the order in which they joined.
    List<WorkerRecord> staying() {
        return staying;
    }

    /// Those that are to leave.
    List<WorkerRecord> retiring() {
        return retiring;
    }

    /// The worker is to leave: it gets nothing any more.
    void retire(WorkerRecord worker) {
        worker.retiring = true;
        staying.remove(worker);
        retiring.add(worker);
        slots -= worker.slots;
        rest(worker);
    }

    /// Of all workers together that aren't to leave.
    int slots() {
        return slots;
    }

    @Nullable WorkerRecord get(int id) {
        return id < 0 || id >= byId.length ? null : byId[id];
    }

    void add(WorkerRecord worker, long now) {
        worker.order = joined++;
        all.add(worker);
        staying.add(worker);
        slots += worker.slots;
        if (worker.id >= byId.length) {
            byId = Arrays.copyOf(byId, Math.max(worker.id + 1, byId.length * 2));
        }
        byId[worker.id] = worker;
        heard(worker, now);
        quietSince = Math.min(quietSince, now);
        touch(worker);
    }

    void remove(WorkerRecord worker) {
        answered(worker);
        all.remove(worker);
        if (staying.remove(worker)) {
            slots -= worker.slots;
        }
        retiring.remove(worker);
        byId[worker.id] = null;
        rest(worker);
        backlogged.remove(worker);
        for (WorkerRecord other : all) {
            if (other.stealFor() == worker.id) {
                other.stealFor(Integer.MAX_VALUE); // what comes back goes to whoever is there
            }
        }
    }

    /// The worker gets nothing for a while.
    void rest(WorkerRecord worker) {
        due.remove(worker);
        hungry.remove(worker);
        shortOfMemory.remove(worker);
        loaded.remove(worker);
    }

    /// Something about the worker has changed: it may be able to take more.
    void touch(WorkerRecord worker) {
        if (!worker.mayBeGiven()) {
            return;
        }
        hungry.remove(worker);
        shortOfMemory.remove(worker);
        due.add(worker);
    }

    /// There was nothing for the worker.
    void isHungry(WorkerRecord worker) {
        due.remove(worker);
        hungry.add(worker);
    }

    /// The worker hasn't the memory for what would come next.
    void isShort(WorkerRecord worker) {
        due.remove(worker);
        hungry.remove(worker);
        shortOfMemory.add(worker);
    }

    /// The worker has as much as it may have.
    void isFull(WorkerRecord worker) {
        due.remove(worker);
        hungry.remove(worker);
    }

    /// What would come next for those that were short of memory is something else now.
    void lookAgainAtShort() {
        for (WorkerRecord worker = shortOfMemory.first();
                worker != null;
                worker = shortOfMemory.first()) {
            touch(worker);
        }
    }

    /// True when something is sure to make the worker be looked at.
    boolean isListed(WorkerRecord worker) {
        return due.contains(worker)
                || hungry.contains(worker)
                || shortOfMemory.contains(worker)
                || worker.outstanding() > 0;
    }

    /// How many attempts are at the worker has changed.
    void loadChanged(WorkerRecord worker) {
        due.moved(worker);
        hungry.moved(worker);
        shortOfMemory.moved(worker);
        sortLoaded(worker);
    }

    private void sortLoaded(WorkerRecord worker) {
        if (!worker.canBeAsked()) {
            loaded.remove(worker);
        } else if (loaded.contains(worker)) {
            loaded.moved(worker);
        } else {
            loaded.add(worker);
        }
    }

    /// How many tasks wait for the worker has changed.
    void backlogChanged(WorkerRecord worker) {
        int rank = Long.SIZE - Long.numberOfLeadingZeros(worker.queue.count());
        if (rank == worker.backlogRank) {
            return;
        }
        worker.backlogRank = rank;
        if (rank == 0) {
            backlogged.remove(worker);
        } else if (backlogged.contains(worker)) {
            backlogged.moved(worker);
        } else {
            backlogged.add(worker);
        }
    }

    /// `holder` is asked to give tasks back for `idle`.
    void asked(WorkerRecord holder, WorkerRecord idle) {
        holder.stealFor(idle.id);
        idle.questions++;
        sortLoaded(holder);
    }

    /// The question to `holder`, if there was one, is over.
    void answered(WorkerRecord holder) {
        WorkerRecord idle = get(holder.stealFor());
        if (idle != null) {
            idle.questions--;
        }
        holder.stealFor(TaskPage.NOBODY);
        sortLoaded(holder);
    }

    /// The worker said something or has shown that it is alive.
    void heard(WorkerRecord worker, long now) {
        worker.heardNanos = now;
    }

    /// No worker was heard of earlier than that; `Long.MAX_VALUE` when there is none.
    long quietSince() {
        return all.isEmpty() ? Long.MAX_VALUE : quietSince;
    }

    /// Those of which nothing was heard since `nanos`. Looks at all workers, but at most once while
    /// the time passes that a worker may be silent.
    List<WorkerRecord> quietSince(long nanos) {
        if (quietSince() >= nanos) {
            return List.of();
        }
        var quiet = new ArrayList<WorkerRecord>();
        quietSince = Long.MAX_VALUE;
        for (WorkerRecord worker : all) {
            if (worker.heardNanos < nanos) {
                quiet.add(worker);
            } else {
                quietSince = Math.min(quietSince, worker.heardNanos);
            }
        }
        return quiet;
    }
}
