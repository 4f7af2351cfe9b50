package dev.quiver.scheduler.state;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Runs of ready tasks of one client, the one that goes first on top. A task that isn't ready any
/// more stays in its run and is skipped when the run comes up.
final class RunHeap {
    private static final int LOOK_MAX = 64;

    final Share share;
    private @Nullable Run[] heap = new Run[4];
    private int size;
    private @Nullable Run last;

    /// How many tasks the runs have, those included that aren't ready any more.
    private long count;

    RunHeap(Share share) {
        this.share = share;
    }

    void add(StageState stage, int from, int to) {
        count += to - from;
        Run newest = last;
        if (newest != null && newest.stage == stage && newest.to == from && newest.from < from) {
            newest.to = to;
            return;
        }
        Run run = new Run(stage, from, to, 0);
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        heap[size] = run;
        up(size++);
        last = run;
    }

    /// The run that goes first, without tasks at its front that aren't ready; null when there is
    /// none.
    @Nullable Run first() {
        while (size > 0) {
            Run run = at(0);
            if (run.stage.forgotten) {
                remove(0);
                continue;
            }
            int from = run.from;
            while (from < run.to && !run.stage.isReady(from)) {
                from++;
            }
            take(run, from);
            if (run.from < run.to) {
                down(0);
                if (at(0) == run) {
                    return run;
                }
                continue;
            }
            remove(0);
        }
        return null;
    }

    /// How many tasks wait, those included that aren't ready any more.
    long count() {
        return count;
    }

    /// The tasks of `run`, which is in this queue, before `from` don't wait any more.
    void take(Run run, int from) {
        count -= from - run.from;
        run.from = from;
    }

    /// The tasks of `run`, which is in this queue, from `to` on don't wait any more.
    void cut(Run run, int to) {
        count -= run.to - to;
        run.to = to;
    }

    /// The longest of the runs near the top; null when there is none.
    @Nullable Run longest() {
        Run longest = null;
        for (int i = 0; i < Math.min(size, LOOK_MAX); i++) {
            Run run = at(i);
            if (run.stage.forgotten) {
                continue;
            }
            if (longest == null || run.to - run.from > longest.to - longest.from) {
                longest = run;
            }
        }
        return longest;
    }

    /// Takes any run out; null when there is none.
    @Nullable Run poll() {
        if (size == 0) {
            return null;
        }
        Run run = at(0);
        remove(0);
        return run;
    }

    private Run at(int index) {
        Run run = heap[index];
        if (run == null) {
            throw new IllegalStateException("no run at " + index + " of " + size);
        }
        return run;
    }

    private void remove(int index) {
        Run run = at(index);
        if (run == last) {
            last = null;
        }
        count -= run.to - run.from;
        heap[index] = heap[--size];
        heap[size] = null;
        if (index < size) {
            down(index);
        }
    }

    private void up(int index) {
        int child = index;
        while (child > 0) {
            int parent = (child - 1) / 2;
            if (!at(child).before(at(parent))) {
                return;
            }
            swap(child, parent);
            child = parent;
        }
    }

    private void down(int index) {
        int parent = index;
        while (true) {
            int child = 2 * parent + 1;
            if (child >= size) {
                return;
            }
            if (child + 1 < size && at(child + 1).before(at(child))) {
                child++;
            }
            if (!at(child).before(at(parent))) {
                return;
            }
            swap(child, parent);
            parent = child;
        }
    }

    private void swap(int a, int b) {
        Run run = heap[a];
        heap[a] = heap[b];
        heap[b] = run;
    }
}
