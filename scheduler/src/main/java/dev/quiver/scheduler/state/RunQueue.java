package dev.quiver.scheduler.state;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs of ready tasks: first those of the client that has had least of its share, and of its runs
/// the one that goes first.
final class RunQueue {
    /// Those that have runs, and some that had.
    private final List<RunHeap> clients = new ArrayList<>(1);

    void add(StageState stage, int from, int to) {
        Share share = stage.job.share;
        RunHeap heap = find(share);
        if (heap == null) {
            heap = new RunHeap(share);
            clients.add(heap);
        }
        heap.add(stage, from, to);
        share.waits();
    }

    private @Nullable RunHeap find(Share share) {
        for (int i = 0; i < clients.size(); i++) {
            if (clients.get(i).share == share) {
                return clients.get(i);
            }
        }
        return null;
    }

    /// The run that goes first, without tasks at its front that aren't ready; null when there is
    /// none.
    @Nullable Run first() {
        Run first = null;
        for (int i = clients.size() - 1; i >= 0; i--) {
            Run run = clients.get(i).first();
            if (run == null) {
                clients.remove(i);
            } else if (first == null || Share.before(run, first)) {
                first = run;
            }
        }
        return first;
    }

    /// How many tasks wait, those included that aren't ready any more.
    long count() {
        long count = 0;
        for (int i = 0; i < clients.size(); i++) {
            count += clients.get(i).count();
        }
        return count;
    }

    /// The tasks of `run`, which is in this queue, before `from` don't wait any more.
    void take(Run run, int from) {
        of(run).take(run, from);
    }

    /// The tasks of `run`, which is in this queue, from `to` on don't wait any more.
    void cut(Run run, int to) {
        of(run).cut(run, to);
    }

    private RunHeap of(Run run) {
        RunHeap heap = find(run.stage.job.share);
        if (heap == null) {
            throw new IllegalStateException("no run of client " + run.stage.job.client);
        }
        return heap;
    }

    /// The longest of the runs near the tops; null when there is none.
    @Nullable Run longest() {
        Run longest = null;
        for (int i = 0; i < clients.size(); i++) {
            Run run = clients.get(i).longest();
            if (run != null && (longest == null || run.to - run.from > longest.to - longest.from)) {
                longest = run;
            }
        }
        return longest;
    }

    /// Takes any run out; null when there is none.
    @Nullable Run poll() {
        while (!clients.isEmpty()) {
            Run run = clients.getLast().poll();
            if (run != null) {
                return run;
            }
            clients.removeLast();
        }
        return null;
    }

    boolean isEmpty() {
        return first() == null;
    }
}
