package dev.quiver.scheduler.state;

import org.jspecify.annotations.Nullable;

/// The state of some consecutive tasks of a stage, in a few primitive arrays.
///
/// A page whose tasks have all finished and been released is collapsed: it then holds no arrays
/// but, when they differ, the attempts.
final class TaskPage {
    static final int NOBODY = -1;

    /// The client wants the output.
    static final int WANTED = 1;

    /// Had an output once that dependents may have started on.
    static final int FINISHED_ONCE = 2;

    /// The current attempt was reported to run.
    static final int STARTED = 4;

    /// Being restarted because something it read is computed again.
    static final int TAINTED = 8;

    /// Counted among the finished tasks of its stage.
    static final int COUNTED = 16;

    /// The worker's connection broke, and it hasn't told again that it runs or holds the task.
    static final int UNCONFIRMED = 32;

    static final int RELEASED_FLAGS = FINISHED_ONCE | COUNTED;

    /// Where in [#cells] each property of a task is, from the task's first cell on.
    static final int ATTEMPT = 0;

    static final int WORKER = 1;
    static final int MISSING = 2;
    static final int DEPENDENTS = 3;
    static final int ROWS = 4;
    static final int BYTES = 6;
    static final int ASSIGNED = 8;
    static final int FINISHED = 9;

    /// The code of the phase in the low byte, flags above.
    private static final int STATE = 10;

    private static final int STRIDE = 11;
    private static final int PHASE_MASK = 0xff;
    private static final int FLAGS_SHIFT = 8;

    final int size;

    /// Side by side what belongs to one task, since tasks that follow each other in time mostly
    /// don't in the stage: each would miss the processor's caches once for each property.
    private final int[] cells;

    /// Three counters a task: user errors, lost workers, out of memory. Absent while all are 0.
    byte @Nullable [] troubles;

    /// Absent while none has failed.
    @Nullable TaskFailure @Nullable [] failures;

    /// How many tasks are idle after they had an output.
    int released;

    TaskPage(int size) {
        this.size = size;
        cells = new int[size * STRIDE];
        for (int i = 0; i < size; i++) {
            put(i, WORKER, NOBODY);
        }
    }

    int phase(int index) {
        return cells[index * STRIDE + STATE] & PHASE_MASK;
    }

    /// Answers the code of the phase before.
    int phase(int index, int code) {
        int cell = index * STRIDE + STATE;
        int before = cells[cell];
        cells[cell] = before & ~PHASE_MASK | code;
        return before & PHASE_MASK;
    }

    int flags(int index) {
        return cells[index * STRIDE + STATE] >>> FLAGS_SHIFT;
    }

    void setFlags(int index, int flags) {
        cells[index * STRIDE + STATE] |= flags << FLAGS_SHIFT;
    }

    void clearFlags(int index, int flags) {
        cells[index * STRIDE + STATE] &= ~(flags << FLAGS_SHIFT);
    }

    int get(int index, int property) {
        return cells[index * STRIDE + property];
    }

    void put(int index, int property, int value) {
        cells[index * STRIDE + property] = value;
    }

    void add(int index, int property, int value) {
        cells[index * STRIDE + property] += value;
    }

    /// Answers what is left.
    int subtract(int index, int property, int value) {
        return cells[index * STRIDE + property] -= value;
    }

    /// A property that takes two cells.
    long getLong(int index, int property) {
        int cell = index * STRIDE + property;
        return (long) cells[cell] << Integer.SIZE | Integer.toUnsignedLong(cells[cell + 1]);
    }

    void putLong(int index, int property, long value) {
        int cell = index * STRIDE + property;
        cells[cell] = (int) (value >>> Integer.SIZE);
        cells[cell + 1] = (int) value;
    }

    /// What is left of a page of released tasks.
    record Collapsed(int size, int uniformAttempt, TaskAttempts attempts) {
        TaskPage inflate() {
            var page = new TaskPage(size);
            for (int i = 0; i < size; i++) {
                page.setFlags(i, RELEASED_FLAGS);
                page.put(i, ATTEMPT, attempt(i));
            }
            page.released = size;
            return page;
        }

        int attempt(int index) {
            return attempts.each == null ? uniformAttempt : attempts.each[index];
        }
    }

    /// The attempts of a collapsed page where they differ.
    static final class TaskAttempts {
        static final TaskAttempts UNIFORM = new TaskAttempts(null);
        final int @Nullable [] each;

        TaskAttempts(int @Nullable [] each) {
            this.each = each;
        }
    }

    /// True when nobody needs any of the tasks.
    boolean isReleased() {
        for (int i = 0; i < size; i++) {
            if (phase(i) != Phase.IDLE.code
                    || (flags(i) & ~STARTED) != RELEASED_FLAGS
                    || get(i, DEPENDENTS) > 0) {
                return false;
            }
        }
        return true;
    }

    Collapsed collapse() {
        int first = get(0, ATTEMPT);
        for (int i = 0; i < size; i++) {
            if (get(i, ATTEMPT) != first) {
                return new Collapsed(size, 0, new TaskAttempts(attempts()));
            }
        }
        return new Collapsed(size, first, TaskAttempts.UNIFORM);
    }

    private int[] attempts() {
        int[] attempts = new int[size];
        for (int i = 0; i < size; i++) {
            attempts[i] = get(i, ATTEMPT);
        }
        return attempts;
    }
}
