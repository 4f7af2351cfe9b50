package dev.quiver.scheduler.state;

import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.AttemptNumber;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.LogRecord;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.scheduler.coordination.state.CoordinationState;
import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What all parts of the scheduler's state look at: stages, jobs, workers, the time, and the way
/// out for commands.
final class Board {
    final SchedulerSettings settings;

    /// The scheduler can be replaced, or has replaced another.
    final boolean failover;

    /// The scheduler's own epoch.
    final int epoch;

    /// Every attempt of the epoch is greater than this one, every earlier one isn't.
    final int attemptBase;

    final StageTable stages = new StageTable();
    final TreeMap<Long, JobState> jobs = new TreeMap<>();

    final Roster workers = new Roster();

    /// What of the workers each client has had.
    final Shares shares = new Shares();

    final Catalog catalog = new Catalog();

    /// What clients share under names.
    final CoordinationState coordination =
            new CoordinationState((client, request, answer) ->
                    notify(client, new ClientNotice.Answered(request, answer)));

    /// Jobs that were released and of which stages are left.
    final TreeMap<Long, JobState> released = new TreeMap<>();

    /// The number of the last message of each client.
    final TreeMap<Long, Long> heard = new TreeMap<>();

    /// The log is being read: nobody is told anything.
    boolean replaying;

    /// The log is being read, or workers are telling what they hold: nothing is given out.
    boolean recovering;

    /// Outputs that a second worker holds.
    final Replicas replicas = new Replicas();

    /// Stages that may have become forgettable.
    final ArrayDeque<StageState> forgettable = new ArrayDeque<>();

    long now;
    private Consumer<SchedulerCommand> commands = command -> {};

    private final Pending frees = new Pending();
    private final Pending cancels = new Pending();
    private final FailedRun failed = new FailedRun();

    Board(SchedulerSettings settings, int epoch) {
        this.settings = settings;
        this.failover = settings.failover();
        this.epoch = epoch;
        this.attemptBase = AttemptNumber.before(epoch);
    }

    void commandsGoTo(Consumer<SchedulerCommand> consumer) {
        commands = consumer;
    }

    @Nullable WorkerRecord worker(int id) {
        return workers.get(id);
    }

    long outputCount() {
        long[] count = {0};
        stages.forEach(stage -> count[0] += stage.tasks.count(Phase.IN_MEMORY));
        return count[0];
    }

    void tell(int worker, SchedulerMessage message) {
        commands.accept(new SchedulerCommand.Tell(worker, message));
    }

    void notify(long client, ClientNotice notice) {
        if (!replaying) {
            commands.accept(new SchedulerCommand.Notify(client, notice));
        }
    }

    /// Has something written down, ahead of what it is the cause of when that takes something away.
    void record(LogRecord entry, boolean ahead) {
        if (failover && !replaying) {
            commands.accept(new SchedulerCommand.WriteDown(entry, ahead));
        }
    }

    /// Tells the client, once, that all partitions of the stage are done.
    void reportIfDone(StageState stage) {
        if (stage.finishReported || stage.doneCount < stage.tasks.size() || stage.stage.growing()) {
            return;
        }
        stage.finishReported = true;
        record(
                new LogRecord.StageFinished(stage.id(), stage.rows, stage.bytes, stage.nanos),
                false);
        notify(
                stage.job.client,
                new ClientNotice.StageFinished(stage.id(), stage.rows, stage.bytes, stage.nanos));
    }

    /// A task has failed for good; written down with others in one record, then told.
    void failed(StageState stage, int p, Failure failure, TaskKey origin) {
        if (!failed.extend(stage, p, failure, origin)) {
            flushFailed();
            failed.begin(stage, p, failure, origin);
        }
    }

    void dismiss(int worker) {
        commands.accept(new SchedulerCommand.Dismiss(worker));
    }

    /// The output of this attempt isn't needed on `worker`, nor the copies that others keep.
    void free(int worker, StageState stage, int p, int attempt) {
        freeAt(worker, stage, p, attempt);
        Replicas.Replica replica = replicas.remove(stage, p);
        if (replica != null) {
            freeAt(replica.worker(), stage, p, replica.attempt());
        }
        if (!stage.stage.broadcast()) {
            return;
        }
        for (int w = stage.openedOn.nextSetBit(0); w >= 0; w = stage.openedOn.nextSetBit(w + 1)) {
            if (w != worker) {
                freeAt(w, stage, p, attempt);
            }
        }
    }

    /// The output of this attempt isn't needed on `worker` alone; told with others in one message.
    void freeAt(int worker, StageState stage, int p, int attempt) {
        if (!frees.extend(worker, stage, p, attempt)) {
            flushFrees();
            frees.begin(worker, stage, p, attempt);
        }
    }

    /// The attempt that runs or waits on `worker` isn't needed; told with others in one message.
    void cancel(int worker, StageState stage, int p, int attempt) {
        if (!cancels.extend(worker, stage, p, attempt)) {
            flushCancels();
            cancels.begin(worker, stage, p, attempt);
        }
    }

    /// Has a worker copy an output from the one that holds it.
    void copy(StageState stage, int p, int to) {
        flush(); // what is to be freed there may be an earlier copy
        TaskTable tasks = stage.tasks;
        tell(
                to,
                new SchedulerMessage.OutputsCopied(
                        stage.id(),
                        p,
                        tasks.attempt(p),
                        tasks.worker(p),
                        List.of(tasks.rows(p)),
                        List.of(tasks.bytes(p))));
    }

    /// Tells what was held back to be told in one message.
    void flush() {
        flushFailed();
        flushCancels();
        flushFrees();
    }

    /// Writes down and tells which tasks have failed.
    void flushFailed() {
        StageState stage = failed.stage;
        if (stage == null) {
            return;
        }
        failed.stage = null;
        var run =
                new LogRecord.TasksFailed(
                        stage.id(),
                        failed.from,
                        failed.to,
                        failed.failure,
                        failed.origin,
                        failed.own);
        record(run, true);
        for (int p = run.from(); p < run.to(); p++) {
            if (stage.tasks.flag(p, TaskPage.WANTED)) {
                notify(
                        stage.job.client,
                        new ClientNotice.TaskFailed(run.stage(), p, run.failure(), run.origin(p)));
            }
        }
    }

    private void flushFrees() {
        if (frees.to > frees.from && worker(frees.worker) != null) {
            flushFailed();
            tell(
                    frees.worker,
                    new SchedulerMessage.OutputsFreed(
                            frees.stage, frees.from, frees.to, frees.attempt));
        }
        frees.to = frees.from;
    }

    private void flushCancels() {
        if (cancels.to > cancels.from && worker(cancels.worker) != null) {
            flushFailed();
            tell(
                    cancels.worker,
                    new SchedulerMessage.TasksCancelled(
                            cancels.stage, cancels.from, cancels.to, cancels.attempt));
        }
        cancels.to = cancels.from;
    }

    /// A run of tasks that have failed for the same reason.
    private static final class FailedRun {
        private static final TaskKey NOBODY = new TaskKey(0, 0);

        /// Null while there is none.
        @Nullable StageState stage;

        int from;
        int to;
        Failure failure = new Failure(Failure.Kind.CANCELLED, "");
        TaskKey origin = NOBODY;

        /// Each of them is the origin itself.
        boolean own;

        boolean extend(StageState stage, int p, Failure failure, TaskKey origin) {
            if (this.stage != stage || to != p || !this.failure.equals(failure)) {
                return false;
            }
            if (own ? !isOwn(stage, p, origin) : !this.origin.equals(origin)) {
                return false;
            }
            to++;
            return true;
        }

        void begin(StageState stage, int p, Failure failure, TaskKey origin) {
            this.stage = stage;
            this.from = p;
            this.to = p + 1;
            this.failure = failure;
            this.origin = origin;
            this.own = isOwn(stage, p, origin);
        }

        private static boolean isOwn(StageState stage, int p, TaskKey origin) {
            return origin.stage() == stage.id() && origin.partition() == p;
        }
    }

    /// A run of tasks that grows as long as the next one fits.
    private static final class Pending {
        int worker;
        int stage;
        int from;
        int to;
        int attempt;

        boolean extend(int worker, StageState stage, int p, int attempt) {
            if (to == from
                    || this.worker != worker
                    || this.stage != stage.id()
                    || this.attempt != attempt
                    || to != p) {
                return false;
            }
            to++;
            return true;
        }

        void begin(int worker, StageState stage, int p, int attempt) {
            this.worker = worker;
            this.stage = stage.id();
            this.from = p;
            this.to = p + 1;
            this.attempt = attempt;
        }
    }
}
