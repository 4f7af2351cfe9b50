package dev.quiver.client;

import dev.quiver.error.Cancelled;
import dev.quiver.error.UserLine;
import dev.quiver.graph.Edges;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.graph.TaskKey;
import dev.quiver.planner.SourceCatalog;
import dev.quiver.planner.StageNote;
import dev.quiver.planner.StagePlan;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.Failure;
import dev.quiver.worker.server.Slot;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.TaskOutput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One run of a plan: a job of the scheduler's, and the outputs of its last stage as they come.
///
/// Closing it frees what it holds and cancels what still runs; what was taken stays the taker's.
final class QueryRun implements StageListener, AutoCloseable {
    private final Conversation conversation;
    private final ChunkStore store;
    private final QueryStages stages;
    private final long job;
    private final int result;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /// Which partitions of the result are there and weren't taken; the store has them.
    private final BitSet here = new BitSet();

    private SourceCatalog.Part[] parts = {};
    private int stagesKnown;
    private boolean finished;
    private boolean closed;
    private @Nullable Failure failure;
    private @Nullable Throwable thrown;
    private int failedPartition = -1;
    private Optional<StageNote.Step> failedStep = Optional.empty();
    private final Deque<Integer> arrived = new ArrayDeque<>();

    /// A partition of the result that is there.
    record Taken(int partition, TaskOutput output) {}

    private QueryRun(Conversation conversation, StagePlan plan) {
        this.conversation = conversation;
        this.store = conversation.backend().outputs();
        this.job = conversation.newJob();
        this.stages = new QueryStages(conversation, job, plan);
        this.result = plan.result();
        clearParts();
    }

    private void clearParts() {
        parts = new SourceCatalog.Part[stages.plan().partitions()];
        Arrays.fill(parts, new SourceCatalog.Part(0, 0));
    }

    /// Submits the plan's stages, those that are decided.
    static QueryRun start(Conversation conversation, StagePlan plan) {
        conversation.checkOpen();
        var run = new QueryRun(conversation, plan);
        conversation.listenToJob(run.job, run);
        TaskGraph first = run.stages.next();
        run.submits(first);
        if (conversation.backend().isWatched())
            conversation.say(
                    new ClientMessage.JobDescribed(
                            run.job, Descriptions.of(plan, UserLine.here().orElse(""))));
        conversation.say(new ClientMessage.GraphSubmitted(run.job, first, true));
        if (conversation.isClosed()) run.abandon(StageListener.closed());
        return run;
    }

    /// The number of its job.
    long job() {
        return job;
    }

    private void submits(TaskGraph graph) {
        stagesKnown += graph.stages().size();
        graph.stages().forEach(stage -> conversation.listen(stage.id(), this));
    }

    /// The plan with what is known by now.
    StagePlan plan() {
        lock.lock();
        try {
            return stages.plan();
        } finally {
            lock.unlock();
        }
    }

    /// Submits what is decided by what was found meanwhile.
    private void goOn() {
        Set<Integer> exchanges = finishedExchanges();
        if (exchanges.isEmpty()) return;
        stages.append(decided(stages.replanned(exchanges)));
    }

    private TaskGraph decided(StagePlan replanned) {
        lock.lock();
        try {
            boolean wasKnown = stages.isResultKnown();
            stages.take(replanned);
            if (!wasKnown) clearParts();
            TaskGraph next = stages.next();
            submits(next);
            changed.signalAll();
            return next;
        } finally {
            lock.unlock();
        }
    }

    private Set<Integer> finishedExchanges() {
        lock.lock();
        try {
            return failure != null || closed ? Set.of() : stages.takeFinished();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void hear(ClientNotice notice) {
        lock.lock();
        try {
            switch (notice) {
                case ClientNotice.TaskFinished(
                                int stage,
                                int partition,
                                _,
                                _,
                                long rows,
                                long bytes) -> {
                    if (stage == result) parts[partition] = new SourceCatalog.Part(rows, bytes);
                    keep(stage, partition);
                }
                case ClientNotice.StageFinished(int stage, _, _, _) -> {
                    stages.finished(stage);
                    finished |= stage == result;
                }
                case ClientNotice.JobFailed(_, var why, var origin) -> fail(why, origin);
                case ClientNotice.StageForgotten _ -> stagesKnown--;
                case ClientNotice.TaskFailed _,
                        ClientNotice.Refused _,
                        ClientNotice.Answered _,
                        ClientNotice.Accepted _ -> {}
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void keep(int stage, int partition) {
        if (closed || stage != result || here.get(partition)) return;
        here.set(partition);
        arrived.add(partition);
    }

    /// Under the lock.
    private @Nullable TaskOutput takeOut(int partition) {
        if (!here.get(partition)) return null;
        here.clear(partition);
        TaskOutput output = store.find(result, partition);
        if (output != null) return output;
        throw new IllegalStateException(
                "partition %d of the result isn't held any more".formatted(partition));
    }

    private void fail(Failure why, TaskKey origin) {
        if (failure != null) return;
        failure = why;
        if (origin.stage() == result) failedPartition = origin.partition();
        thrown = conversation.backend().thrown(origin.stage(), origin.partition()).orElse(null);
        failedStep = stages.plan().step(origin.stage(), why.part());
    }

    @Override
    public void abandon(Failure why) {
        lock.lock();
        try {
            if (failure == null && !finished) failure = why;
            stagesKnown = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void refused(String why) {
        lock.lock();
        try {
            if (thrown == null && failure == null) thrown = QueryFailure.refused(why);
        } finally {
            lock.unlock();
        }
        abandon(new Failure(Failure.Kind.PERMANENT, why));
    }

    /// Waits until all is there.
    ///
    /// @param progress is told about the run now and then
    /// @throws dev.quiver.error.QuiverException when the query failed, or this thread was
    ///   interrupted
    void await(Progress progress) {
        try (var _ = Slot.yielded()) {
            awaitEnd(progress);
        }
    }

    private void awaitEnd(Progress progress) {
        while (true) {
            goOn();
            lock.lock();
            try {
                if (failure != null) throw QueryFailure.of(failure, thrown, failedStep);
                if (finished) return;
                if (stages.isDue() || sleep(progress.pauseNanos())) continue;
            } finally {
                lock.unlock();
            }
            progress.show(this::statuses);
        }
    }

    private Progress.Snapshot statuses() {
        List<Integer> known = stages.plan().graph().stages().stream().map(Stage::id).toList();
        return new Progress.Snapshot(conversation.backend().statuses(known));
    }

    /// Waits for partition `partition` of the result, which is taken out.
    ///
    /// @return null when there is none: no more rows were needed
    @Nullable TaskOutput take(int partition) {
        try (var _ = Slot.yielded()) {
            return awaitOutput(partition);
        }
    }

    private @Nullable TaskOutput awaitOutput(int partition) {
        while (true) {
            goOn();
            lock.lock();
            try {
                TaskOutput output = takeOut(partition);
                if (output != null) return output;
                if (failure != null) throw QueryFailure.of(failure, thrown, failedStep);
                if (finished) return null;
                if (!stages.isDue()) {
                    var _ = sleep(TimeUnit.SECONDS.toNanos(1));
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// How many partitions the result has; waits until that is decided.
    int partitions() {
        try (var _ = Slot.yielded()) {
            return awaitPartitions();
        }
    }

    private int awaitPartitions() {
        while (true) {
            goOn();
            lock.lock();
            try {
                if (stages.isResultKnown()) return parts.length;
                if (failure != null) throw QueryFailure.of(failure, thrown, failedStep);
                if (!stages.isDue()) {
                    var _ = sleep(TimeUnit.SECONDS.toNanos(1));
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// Waits for any partition of the result, in the order in which they come, and takes it out.
    /// What came before a failure is still given.
    ///
    /// @param progress is told about the run now and then
    /// @return null when all were given
    @Nullable Taken takeArrived(Progress progress) {
        try (var _ = Slot.yielded()) {
            return awaitArrived(progress);
        }
    }

    private @Nullable Taken awaitArrived(Progress progress) {
        while (true) {
            goOn();
            lock.lock();
            try {
                while (!arrived.isEmpty()) {
                    int partition = arrived.remove();
                    TaskOutput output = takeOut(partition);
                    if (output != null) return new Taken(partition, output);
                }
                if (failure != null) throw QueryFailure.of(failure, thrown, failedStep);
                if (finished) return null;
                if (stages.isDue() || sleep(progress.pauseNanos())) continue;
            } finally {
                lock.unlock();
            }
            progress.show(this::statuses);
        }
    }

    /// The partition of the result whose task failed; -1 when none did.
    int failedPartition() {
        lock.lock();
        try {
            return failedPartition;
        } finally {
            lock.unlock();
        }
    }

    /// Lets the scheduler forget a partition that was taken.
    void release(int partition) {
        conversation.say(new ClientMessage.TasksReleased(result, partition, partition + 1));
    }

    /// Adds tasks to a growing last stage.
    ///
    /// @param edges what they read
    void append(int count, Edges edges) {
        conversation.say(new ClientMessage.TasksAppended(result, count, edges));
    }

    /// Under the lock.
    ///
    /// @return whether something changed
    @SuppressWarnings("WaitNotInLoop") // the callers loop
    private boolean sleep(long nanos) {
        try {
            return changed.awaitNanos(nanos) > 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Cancelled(
                    "the query was cancelled, because its thread was interrupted",
                    List.of(),
                    "run it again when it is wanted",
                    e);
        }
    }

    /// Takes the result's partitions out, in order; after [#await].
    List<TaskOutput> takeAll() {
        lock.lock();
        try {
            var all = new ArrayList<TaskOutput>();
            boolean done = false;
            try {
                for (int i = 0; i < parts.length; i++) {
                    TaskOutput output = takeOut(i);
                    if (output != null) all.add(output);
                }
                done = true;
                return all;
            } finally {
                if (!done) all.forEach(TaskOutput::close);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Rows and bytes of the result's partitions; after [#await].
    List<SourceCatalog.Part> parts() {
        lock.lock();
        try {
            return List.of(parts);
        } finally {
            lock.unlock();
        }
    }

    /// Waits until no task of the run is running any more; at most a few seconds.
    void awaitQuiet() {
        long left = TimeUnit.SECONDS.toNanos(5);
        boolean interrupted = false;
        lock.lock();
        try {
            while (stagesKnown > 0 && left > 0) {
                try {
                    left = changed.awaitNanos(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            lock.unlock();
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /// Hears and holds nothing any more, while the job and what it has made stay; after [#await].
    void leave() {
        lock.lock();
        try {
            closed = true;
            here.clear();
        } finally {
            lock.unlock();
        }
        plan().graph().stages().forEach(stage -> conversation.forget(stage.id()));
        conversation.forgetJob(job);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) return;
            closed = true;
            here.clear();
        } finally {
            lock.unlock();
        }
        conversation.release(job);
    }
}
