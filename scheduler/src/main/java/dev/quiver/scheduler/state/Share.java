package dev.quiver.scheduler.state;

import dev.quiver.protocol.ClientMessage;

/// How much of the cluster one client has had, as virtual time: that of its tasks in slots, divided
/// by its weight. See [Shares].
final class Share {
    /// Time in slots counts so many times before it is divided.
    private static final long SCALE = ClientMessage.ShareWanted.WEIGHT_MAX;

    /// Assumed where a stage's tasks weren't measured yet.
    private static final long TASK_NANOS_GUESS = 1_000_000;

    final long client;
    private final Shares all;
    private int weight = 1;

    /// Its stragglers are to run a second time; see [Speculation].
    boolean speculates;

    private long time;

    /// Attempts at workers.
    private long outstanding;

    Share(long client, Shares all) {
        this.client = client;
        this.all = all;
    }

    int weight() {
        return weight;
    }

    void weigh(int said) {
        weight = said;
    }

    long time() {
        return time;
    }

    boolean hasTasks() {
        return outstanding > 0;
    }

    /// The client has tasks that wait. If it had nothing to do it begins where those are that have.
    void waits() {
        if (outstanding == 0) {
            time = Math.max(time, all.begin());
        }
    }

    /// Tasks of a stage are given to a worker.
    void began(StageState stage, int count) {
        outstanding += count;
        time += count * cost(expected(stage));
    }

    /// Attempts that were given to workers have ended.
    void ended(int count) {
        outstanding -= count;
    }

    /// A task has taken `nanos`, which isn't known to its stage yet.
    void took(StageState stage, long nanos) {
        time += cost(nanos - expected(stage));
    }

    private static long expected(StageState stage) {
        return stage.taskNanos() == 0 ? TASK_NANOS_GUESS : stage.taskNanos();
    }

    private long cost(long nanos) {
        return nanos * SCALE / weight;
    }

    /// Whether `a` goes before `b`.
    static boolean before(Run a, Run b) {
        Share first = a.stage.job.share;
        Share second = b.stage.job.share;
        if (first == second) {
            return a.before(b);
        }
        return first.time == second.time ? first.client < second.client : first.time < second.time;
    }
}
