package dev.quiver.scheduler.state;

import java.util.function.Consumer;

/// What can be set about the scheduler's decisions.
///
/// @param leaseNanos a worker that isn't heard of for so long counts as lost; [#NO_LEASE] = never
/// @param stealing whether an idle worker takes over what others have been assigned and haven't
///   started
/// @param workerLossesMax so many workers may be lost while a task runs; with the last of them it
///   fails
/// @param outOfMemoryMax so often a task may run out of memory; with the last time it fails
/// @param backOffNanos the wait before a task runs again that has run out of memory; doubles each
///   time
/// @param aheadNanos how much work, by the time that a stage's tasks took so far, a worker is
///   assigned ahead of what it runs
/// @param aheadMax how many tasks for each slot a worker is assigned at most
/// @param graceNanos how long a scheduler that takes over waits for workers to tell what they hold;
///   [#NO_FAILOVER] = the scheduler is never replaced, and nothing is done for that
/// @param stragglerNanosMin a task that runs for less is never run a second time beside itself
/// @param replicaNanosMin what a client keeps for so long, and what would take so long to compute
///   again, a second worker holds, too; [#NO_REPLICAS] = none does
public record SchedulerSettings(
        long leaseNanos,
        boolean stealing,
        int workerLossesMax,
        int outOfMemoryMax,
        long backOffNanos,
        long aheadNanos,
        int aheadMax,
        long graceNanos,
        long stragglerNanosMin,
        long replicaNanosMin) {
    /// Each output is at one worker.
    public static final long NO_REPLICAS = 0;

    /// Workers never count as lost by silence.
    public static final long NO_LEASE = 0;

    /// The scheduler lives as long as its workers and clients.
    public static final long NO_FAILOVER = 0;

    /// Longest wait before any retry.
    static final long BACK_OFF_NANOS_MAX = 60_000_000_000L;

    /// For one process: no lease.
    public static final SchedulerSettings LOCAL =
            new SchedulerSettings(
                    NO_LEASE,
                    true,
                    3,
                    3,
                    50_000_000L,
                    5_000_000L,
                    256,
                    NO_FAILOVER,
                    2_000_000_000L,
                    NO_REPLICAS);

    public SchedulerSettings {
        if (leaseNanos < 0
                || workerLossesMax < 1
                || outOfMemoryMax < 1
                || backOffNanos < 0
                || aheadNanos < 0
                || aheadMax < 1
                || graceNanos < 0
                || stragglerNanosMin < 1
                || replicaNanosMin < 0) {
            throw new IllegalArgumentException(
                    ("leaseNanos=%d, workerLossesMax=%d, outOfMemoryMax=%d, backOffNanos=%d,"
                         + " aheadNanos=%d, aheadMax=%d, graceNanos=%d, stragglerNanosMin=%d,"
                         + " replicaNanosMin=%d: times must be >= 0, counts and stragglerNanosMin"
                         + " >= 1")
                            .formatted(
                                    leaseNanos,
                                    workerLossesMax,
                                    outOfMemoryMax,
                                    backOffNanos,
                                    aheadNanos,
                                    aheadMax,
                                    graceNanos,
                                    stragglerNanosMin,
                                    replicaNanosMin));
        }
    }

    public SchedulerSettings withLease(long nanos) {
        return changed(draft -> draft.leaseNanos = nanos);
    }

    public SchedulerSettings withStealing(boolean on) {
        return changed(draft -> draft.stealing = on);
    }

    /// The scheduler can be replaced; the next one waits so long for workers.
    public SchedulerSettings withGrace(long nanos) {
        return changed(draft -> draft.graceNanos = nanos);
    }

    /// A task may be run a second time beside itself once it has run for so long.
    public SchedulerSettings withStragglers(long nanosMin) {
        return changed(draft -> draft.stragglerNanosMin = nanosMin);
    }

    /// What would take so long to compute again, and is kept for as long, is held twice.
    public SchedulerSettings withReplicas(long nanosMin) {
        return changed(draft -> draft.replicaNanosMin = nanosMin);
    }

    /// The same but for what is changed.
    private SchedulerSettings changed(Consumer<Draft> change) {
        var draft = new Draft();
        change.accept(draft);
        return new SchedulerSettings(
                draft.leaseNanos,
                draft.stealing,
                workerLossesMax,
                outOfMemoryMax,
                backOffNanos,
                aheadNanos,
                aheadMax,
                draft.graceNanos,
                draft.stragglerNanosMin,
                draft.replicaNanosMin);
    }

    /// What may be changed of these settings.
    private final class Draft {
        private long leaseNanos = SchedulerSettings.this.leaseNanos;
        private boolean stealing = SchedulerSettings.this.stealing;
        private long graceNanos = SchedulerSettings.this.graceNanos;
        private long stragglerNanosMin = SchedulerSettings.this.stragglerNanosMin;
        private long replicaNanosMin = SchedulerSettings.this.replicaNanosMin;
    }

    boolean failover() {
        return graceNanos != NO_FAILOVER;
    }
}
