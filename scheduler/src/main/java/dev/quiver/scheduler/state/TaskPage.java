package dev.quiver.scheduler.state;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The state of some consecutive tasks of a stage, a primitive array for each property.
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

    final byte[] phase;
    final byte[] flags;
    final int[] attempt;
    final int[] worker;
    final int[] missing;
    final int[] dependents;
    final long[] rows;
    final long[] bytes;
    final long[] assignedNanos;
    final long[] finishedNanos;

    /// Three counters a task: user errors, lost workers, out of memory. Absent while all are 0.
    byte @Nullable [] troubles;

    /// Absent while none has failed.
    @Nullable TaskFailure @Nullable [] failures;

    /// How many tasks are idle after they had an output.
    int released;

    TaskPage(int size) {
        phase = new byte[size];
        flags = new byte[size];
        attempt = new int[size];
        worker = new int[size];
        Arrays.fill(worker, NOBODY);
        missing = new int[size];
        dependents = new int[size];
        rows = new long[size];
        bytes = new long[size];
        assignedNanos = new long[size];
        finishedNanos = new long[size];
    }

    /// What is left of a page of released tasks.
    record Collapsed(int size, int uniformAttempt, TaskAttempts attempts) {
        TaskPage inflate() {
            var page = new TaskPage(size);
            Arrays.fill(page.flags, (byte) RELEASED_FLAGS);
            for (int i = 0; i < size; i++) {
                page.attempt[i] = attempt(i);
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
        for (int i = 0; i < phase.length; i++) {
            if (phase[i] != Phase.IDLE.code
                    || (flags[i] & ~STARTED) != RELEASED_FLAGS
                    || dependents[i] > 0) {
                return false;
            }
        }
        return true;
    }

    Collapsed collapse() {
        for (int a : attempt) {
            if (a != attempt[0]) {
                return new Collapsed(attempt.length, 0, new TaskAttempts(attempt));
            }
        }
        return new Collapsed(attempt.length, attempt[0], TaskAttempts.UNIFORM);
    }
}
