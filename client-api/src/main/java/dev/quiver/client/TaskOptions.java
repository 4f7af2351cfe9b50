package dev.quiver.client;

import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.graph.Priority;
import dev.quiver.graph.Purity;
import dev.quiver.graph.TaskLimits;
import java.time.Duration;
import java.util.List;

/// What a task may cost and how it is treated when it fails. Immutable: each method gives another.
///
/// ```java
/// import static dev.quiver.client.TaskOptions.options;
/// q.submit(options().retries(3).backoff(Duration.ofSeconds(1)).timeout(Duration.ofMinutes(5)), call);
/// ```
public final class TaskOptions {
    private static final int PRIORITY_MAX = 1000;
    private static final TaskOptions DEFAULTS = new TaskOptions(TaskLimits.NONE, Purity.IMPURE, 0);

    /// Values go before the tasks that read them.
    static final long PRIORITY_OF_VALUES = Priority.of(0, 0, 0);

    private final TaskLimits limits;
    private final Purity purity;
    private final int priority;

    private TaskOptions(TaskLimits limits, Purity purity, int priority) {
        this.limits = limits;
        this.purity = purity;
        this.priority = priority;
    }

    /// No retries, no timeout, no memory set aside, impure.
    public static TaskOptions options() {
        return DEFAULTS;
    }

    /// How often the task starts again after it threw.
    public TaskOptions retries(int count) {
        if (count < 0) throw invalid("retries(%d)".formatted(count), "give 0 or more");
        return new TaskOptions(
                new TaskLimits(
                        count,
                        limits.backOffNanos(),
                        limits.timeoutNanos(),
                        limits.memoryBytesMin()),
                purity,
                priority);
    }

    /// The wait before the first retry; it doubles with each further one, up to a minute.
    public TaskOptions backoff(Duration first) {
        if (first.isNegative())
            throw invalid("backoff(%s)".formatted(first), "give a duration of 0 or more");
        return new TaskOptions(
                new TaskLimits(
                        limits.retries(),
                        first.toNanos(),
                        limits.timeoutNanos(),
                        limits.memoryBytesMin()),
                purity,
                priority);
    }

    /// How long one attempt may run. Then its thread is interrupted and the attempt counts as
    /// failed.
    public TaskOptions timeout(Duration limit) {
        if (limit.isNegative() || limit.isZero())
            throw invalid("timeout(%s)".formatted(limit), "give a duration above 0");
        return new TaskOptions(
                new TaskLimits(
                        limits.retries(),
                        limits.backOffNanos(),
                        limit.toNanos(),
                        limits.memoryBytesMin()),
                purity,
                priority);
    }

    /// How much of the session's memory budget is set aside while the task runs, such as `"2GB"`.
    /// It doesn't start before that much is there.
    public TaskOptions memory(String size) {
        return new TaskOptions(
                new TaskLimits(
                        limits.retries(),
                        limits.backOffNanos(),
                        limits.timeoutNanos(),
                        ByteSize.parse(size)),
                purity,
                priority);
    }

    /// Promises that the task gives the same result each time, so that a lost result can be
    /// computed again without starting over what has read it. With [Options#speculate()] it may run
    /// on two workers at a time.
    public TaskOptions pure() {
        return new TaskOptions(limits, Purity.DETERMINISTIC, priority);
    }

    /// Which tasks of the session go first: those with the greater number, then those submitted
    /// earlier. 0 unless said otherwise; queries have 0, too. What runs isn't interrupted.
    ///
    /// @param number from -1000 to 1000
    public TaskOptions priority(int number) {
        if (number < -PRIORITY_MAX || number > PRIORITY_MAX)
            throw invalid("priority(%d)".formatted(number), "give a number from -1000 to 1000");
        return new TaskOptions(limits, purity, number);
    }

    /// What a query's or a task's place among others begins with; see [Priority#of].
    static int rank(int priority) {
        return PRIORITY_MAX - priority;
    }

    int priority() {
        return priority;
    }

    TaskLimits limits() {
        return limits;
    }

    Purity purity() {
        return purity;
    }

    private static QuiverException invalid(String what, String fix) {
        return new QuiverException(ErrorCode.ARGUMENT_INVALID, what, List.of(), fix);
    }
}
