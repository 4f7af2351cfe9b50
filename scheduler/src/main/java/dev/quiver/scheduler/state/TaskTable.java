package dev.quiver.scheduler.state;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The tasks of one stage, by partition, in pages. At most 45 bytes a task, a few bytes a page for
/// tasks that were released.
final class TaskTable {
    private static final int SHIFT_MIN = 3;
    private static final int SHIFT_MAX = 10;

    private final int shift;
    private final int mask;
    private final long originNanos;
    private final int[] counts = new int[Phase.count()];
    private @Nullable TaskPage[] pages;
    private TaskPage.@Nullable Collapsed[] collapsed;
    private int size;

    /// @param expected about how many tasks there will be
    /// @param originNanos no time is earlier
    TaskTable(int expected, long originNanos) {
        this.originNanos = originNanos;
        int bits = 30 - Integer.numberOfLeadingZeros(Math.max(1, expected));
        shift = Math.clamp(bits, SHIFT_MIN, SHIFT_MAX);
        mask = (1 << shift) - 1;
        pages = new TaskPage[0];
        collapsed = new TaskPage.Collapsed[0];
    }

    int size() {
        return size;
    }

    /// Adds tasks that are idle.
    ///
    /// @param flags their flags
    void append(int count, int flags) {
        int from = size;
        size += count;
        int pageCount = (size + mask) >>> shift;
        if (pageCount > pages.length) {
            int room = Math.max(pageCount, from == 0 ? 0 : pages.length * 2);
            pages = Arrays.copyOf(pages, room);
            collapsed = Arrays.copyOf(collapsed, room);
        }
        counts[Phase.IDLE.code] += count;
        for (int p = from; p < size; ) {
            TaskPage page = page(p);
            int to = Math.min(size, (p | mask) + 1);
            for (; p < to; p++) {
                page.setFlags(p & mask, flags);
            }
        }
    }

    /// Gives all memory back; nothing may be asked about the tasks any more.
    void clear() {
        pages = new TaskPage[0];
        collapsed = new TaskPage.Collapsed[0];
    }

    /// The first task from that one on of which more is known than that it was released; at least
    /// [#size()] when there is none.
    int nextThere(int p) {
        int next = p;
        while (next < size && pages[next >>> shift] == null) {
            next = (next | mask) + 1;
        }
        return next;
    }

    int count(Phase phase) {
        return counts[phase.code];
    }

    int pendingCount() {
        return count(Phase.WAITING)
                + count(Phase.DELAYED)
                + count(Phase.READY)
                + count(Phase.ASSIGNED);
    }

    Phase phase(int p) {
        TaskPage page = pages[p >>> shift];
        return page == null ? Phase.IDLE : Phase.of(page.phase(p & mask));
    }

    void phase(int p, Phase phase) {
        TaskPage page = page(p);
        int i = p & mask;
        int before = page.phase(i, phase.code);
        counts[before]--;
        counts[phase.code]++;
        if ((page.flags(i) & TaskPage.FINISHED_ONCE) == 0) {
            return;
        }
        if (before == Phase.IDLE.code) {
            page.released--;
        }
        if (phase == Phase.IDLE) {
            page.released++;
        }
    }

    /// Gives back the page of `p` when nobody needs any of its tasks after all had outputs.
    void collapseIfReleased(int p) {
        int index = p >>> shift;
        TaskPage page = pages[index];
        if (page != null && page.released == page.size && page.isReleased()) {
            pages[index] = null;
            collapsed[index] = page.collapse();
        }
    }

    /// The time as it is written in a cell: microseconds for half an hour, then milliseconds for
    /// three weeks.
    private int time(long nanos) {
        long micros = (nanos - originNanos) / 1_000;
        return micros <= Integer.MAX_VALUE
                ? (int) micros
                : (int) Math.min(micros / 1_000, Integer.MAX_VALUE) | Integer.MIN_VALUE;
    }

    private long nanos(int time) {
        long micros = time < 0 ? (time & Integer.MAX_VALUE) * 1_000L : time;
        return originNanos + micros * 1_000;
    }

    private TaskPage page(int p) {
        TaskPage page = pages[p >>> shift];
        return page == null ? inflate(p >>> shift) : page;
    }

    private TaskPage inflate(int index) {
        TaskPage.Collapsed left = collapsed[index];
        TaskPage page = left == null ? new TaskPage(mask + 1) : left.inflate();
        collapsed[index] = null;
        pages[index] = page;
        return page;
    }

    boolean flag(int p, int flag) {
        TaskPage page = pages[p >>> shift];
        return ((page == null ? TaskPage.RELEASED_FLAGS : page.flags(p & mask)) & flag) != 0;
    }

    void setFlag(int p, int flag) {
        page(p).setFlags(p & mask, flag);
    }

    /// The task has had an output on which dependents may have started.
    void setFinishedOnce(int p) {
        if (flag(p, TaskPage.FINISHED_ONCE)) {
            return;
        }
        setFlag(p, TaskPage.FINISHED_ONCE);
        TaskPage page = page(p);
        if (page.phase(p & mask) == Phase.IDLE.code) {
            page.released++;
        }
    }

    void clearFlag(int p, int flag) {
        if (!flag(p, flag)) {
            return;
        }
        TaskPage page = page(p);
        page.clearFlags(p & mask, flag);
        if (flag == TaskPage.FINISHED_ONCE && page.phase(p & mask) == Phase.IDLE.code) {
            page.released--;
        }
    }

    int attempt(int p) {
        TaskPage page = pages[p >>> shift];
        if (page != null) {
            return page.get(p & mask, TaskPage.ATTEMPT);
        }
        TaskPage.Collapsed left = collapsed[p >>> shift];
        return left == null ? 0 : left.attempt(p & mask);
    }

    /// Attempts at the task will be greater than `attempt`.
    void raiseAttempt(int p, int attempt) {
        if (attempt > attempt(p)) {
            page(p).put(p & mask, TaskPage.ATTEMPT, attempt);
        }
    }

    /// The task is at a worker with this attempt.
    void assign(int p, int worker, int attempt, long nanos) {
        phase(p, Phase.ASSIGNED);
        TaskPage page = page(p);
        int i = p & mask;
        page.put(i, TaskPage.ATTEMPT, attempt);
        page.put(i, TaskPage.WORKER, worker);
        page.put(i, TaskPage.ASSIGNED, time(nanos));
        page.clearFlags(i, TaskPage.STARTED | TaskPage.UNCONFIRMED);
    }

    /// The output of `attempt` is at `worker`, not where it was before.
    void move(int p, int worker, int attempt) {
        TaskPage page = page(p);
        int i = p & mask;
        page.put(i, TaskPage.ATTEMPT, attempt);
        page.put(i, TaskPage.WORKER, worker);
        page.clearFlags(i, TaskPage.UNCONFIRMED);
    }

    int worker(int p) {
        TaskPage page = pages[p >>> shift];
        return page == null ? TaskPage.NOBODY : page.get(p & mask, TaskPage.WORKER);
    }

    void clearWorker(int p) {
        TaskPage page = page(p);
        page.put(p & mask, TaskPage.WORKER, TaskPage.NOBODY);
        page.clearFlags(p & mask, TaskPage.UNCONFIRMED);
    }

    int missing(int p) {
        return page(p).get(p & mask, TaskPage.MISSING);
    }

    void missing(int p, int count) {
        page(p).put(p & mask, TaskPage.MISSING, count);
    }

    /// Answers what is left.
    int removeMissing(int p) {
        return page(p).subtract(p & mask, TaskPage.MISSING, 1);
    }

    void addMissing(int p) {
        page(p).add(p & mask, TaskPage.MISSING, 1);
    }

    /// How many pending tasks name this one as their input.
    int dependents(int p) {
        TaskPage page = pages[p >>> shift];
        return page == null ? 0 : page.get(p & mask, TaskPage.DEPENDENTS);
    }

    void addDependent(int p) {
        page(p).add(p & mask, TaskPage.DEPENDENTS, 1);
    }

    /// Answers what is left.
    int removeDependent(int p) {
        return page(p).subtract(p & mask, TaskPage.DEPENDENTS, 1);
    }

    void output(int p, long rows, long bytes, long nanos) {
        TaskPage page = page(p);
        int i = p & mask;
        page.putLong(i, TaskPage.ROWS, rows);
        page.putLong(i, TaskPage.BYTES, bytes);
        page.put(i, TaskPage.FINISHED, time(nanos));
    }

    long rows(int p) {
        TaskPage page = pages[p >>> shift];
        return page == null ? 0 : page.getLong(p & mask, TaskPage.ROWS);
    }

    long bytes(int p) {
        TaskPage page = pages[p >>> shift];
        return page == null ? 0 : page.getLong(p & mask, TaskPage.BYTES);
    }

    long assignedNanos(int p) {
        TaskPage page = pages[p >>> shift];
        return page == null ? 0 : nanos(page.get(p & mask, TaskPage.ASSIGNED));
    }

    long finishedNanos(int p) {
        TaskPage page = pages[p >>> shift];
        return page == null ? 0 : nanos(page.get(p & mask, TaskPage.FINISHED));
    }

    /// True when the page of `p` was collapsed: what it held beside the attempt is gone.
    boolean isCollapsed(int p) {
        return collapsed[p >>> shift] != null;
    }

    int troubles(int p, Trouble trouble) {
        TaskPage page = pages[p >>> shift];
        if (page == null || page.troubles == null) {
            return 0;
        }
        return page.troubles[(p & mask) * Trouble.COUNT + trouble.index];
    }

    /// Answers how often the task has had this trouble now, at most 127.
    int addTrouble(int p, Trouble trouble) {
        TaskPage page = page(p);
        if (page.troubles == null) {
            page.troubles = new byte[page.size * Trouble.COUNT];
        }
        int i = (p & mask) * Trouble.COUNT + trouble.index;
        page.troubles[i] = (byte) Math.min(Byte.MAX_VALUE, page.troubles[i] + 1);
        return page.troubles[i];
    }

    @Nullable TaskFailure failure(int p) {
        TaskPage page = pages[p >>> shift];
        return page == null || page.failures == null ? null : page.failures[p & mask];
    }

    void failure(int p, TaskFailure failure) {
        TaskPage page = page(p);
        if (page.failures == null) {
            page.failures = new TaskFailure[page.size];
        }
        page.failures[p & mask] = failure;
    }
}
