package dev.quiver.scheduler.state;

import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.AttemptNumber;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.LogRecord;
import java.util.ArrayDeque;

/// Which tasks are needed, and what follows for others when an output comes, goes, is lost or never
/// comes.
///
/// A task is needed while the client wants its output or a pending task reads it. What is needed
/// and idle is scheduled; what isn't needed is released. What follows from that is put on worklists
/// and done by [#settle], so that no depth of graph makes a depth of calls.
final class Lineage {
    private record Failing(StageState stage, int partition, Failure failure, TaskKey origin) {}

    /// The partitions of a stage, one after the other.
    private static final class Cursor {
        final StageState stage;
        int next;
        final int end;

        Cursor(StageState stage, int from, int end) {
            this.stage = stage;
            this.next = from;
            this.end = end;
        }
    }

    private final Board board;
    private final Wiring wiring;
    private final Placement placement;
    final Restarts restarts;
    private final TaskStack toSchedule = new TaskStack();
    private final TaskStack toRelease = new TaskStack();
    private final ArrayDeque<StageState> stagesToRelease = new ArrayDeque<>();
    private final ArrayDeque<Cursor> stagesToSchedule = new ArrayDeque<>();
    private final ArrayDeque<Failing> toFail = new ArrayDeque<>();

    private final Wiring.Visitor need = this::need;
    private final Wiring.Visitor unneed = this::unneed;
    private final Wiring.Visitor supply = this::supply;
    private final Wiring.Visitor deprive = this::deprive;
    private final Wiring.Visitor look = this::look;

    /// Set while the inputs of one task are visited.
    private int missing;

    private boolean inputFailed;

    Lineage(Board board, Wiring wiring, Placement placement) {
        this.board = board;
        this.wiring = wiring;
        this.placement = placement;
        this.restarts = new Restarts(board, wiring, this);
    }

    /// Asks for the outputs of those tasks that are idle and needed.
    void request(StageState stage, int from, int to) {
        stagesToSchedule.add(new Cursor(stage, from, to));
    }

    /// Looks whether the task is still needed.
    void review(StageState stage, int p) {
        toRelease.push(stage, p);
    }

    /// Does all that follows from what was done.
    void settle() {
        while (true) {
            if (!toFail.isEmpty()) {
                Failing failing = toFail.remove();
                if (failing.stage.tasks.phase(failing.partition).pending()) {
                    fail(failing.stage, failing.partition, failing.failure, failing.origin);
                }
            } else if (!toSchedule.isEmpty()) {
                StageState stage = toSchedule.topStage();
                int p = toSchedule.popPartition();
                scheduleIfNeeded(stage, p);
            } else if (!stagesToSchedule.isEmpty()) {
                Cursor cursor = stagesToSchedule.element();
                if (cursor.next < cursor.end) {
                    scheduleIfNeeded(cursor.stage, cursor.next++);
                } else {
                    stagesToSchedule.remove();
                }
            } else if (!toRelease.isEmpty()) {
                StageState stage = toRelease.topStage();
                releaseIfUnneeded(stage, toRelease.popPartition());
            } else if (!stagesToRelease.isEmpty()) {
                StageState stage = stagesToRelease.remove();
                for (int p = 0; stage.dependentsAll == 0 && p < stage.tasks.size(); p++) {
                    releaseIfUnneeded(stage, p);
                }
            } else {
                return;
            }
        }
    }

    private void scheduleIfNeeded(StageState stage, int p) {
        if (stage.tasks.phase(p) == Phase.IDLE && stage.needed(p)) {
            schedule(stage, p);
        }
    }

    /// Makes an idle task pending, and with it what it reads.
    private void schedule(StageState stage, int p) {
        if (stage.impure() && stage.tasks.flag(p, TaskPage.FINISHED_ONCE)) {
            restarts.restartDependents(stage, p);
        }
        for (int i = 0; i < stage.inputs.size(); i++) {
            StageState.Link link = stage.inputs.get(i);
            if (link.readsAll() && link.input().dependentsAll++ == 0) {
                request(link.input(), 0, link.input().tasks.size());
            }
        }
        if (p < stage.prefix) {
            stage.prefix = 0;
            stage.prefixRows = 0;
        }
        wiring.forEachInput(stage, p, need);
        stage.tasks.phase(p, Phase.WAITING);
        reconsider(stage, p);
    }

    private void need(StageState input, int p) {
        input.tasks.addDependent(p);
        if (input.tasks.phase(p) == Phase.IDLE) {
            toSchedule.push(input, p);
        }
    }

    /// Looks again at a pending task that isn't at a worker: it is ready, or waits for inputs.
    void reconsider(StageState stage, int p) {
        if (stage.tasks.phase(p) != Phase.WAITING) {
            stage.tasks.phase(p, Phase.WAITING);
        }
        stage.tasks.clearWorker(p);
        countMissing(stage, p);
        if (inputFailed) {
            failForInput(stage, p);
        } else if (AttemptNumber.isLast(stage.lastAttempt(p))) {
            failWorn(stage, p);
        } else if (missing == 0 && stage.missingAll == 0) {
            placement.ready(stage, p);
        }
    }

    private void failWorn(StageState stage, int p) {
        var failure =
                new Failure(
                        Failure.Kind.PERMANENT,
                        "none of %,d attempts at it came to an end"
                                .formatted(AttemptNumber.COUNT_MAX));
        toFail.add(new Failing(stage, p, failure, new TaskKey(stage.id(), p)));
    }

    /// A pending task that isn't at a worker waits until `dueNanos`, whatever its inputs do.
    void delay(StageState stage, int p, long dueNanos) {
        stage.tasks.phase(p, Phase.DELAYED);
        stage.tasks.clearWorker(p);
        countMissing(stage, p);
        if (inputFailed) {
            failForInput(stage, p);
            return;
        }
        placement.delays.add(dueNanos, stage, p);
    }

    /// A pending task that was given back goes to this worker when it is ready.
    void giveTo(int worker, StageState stage, int p) {
        countMissing(stage, p);
        if (inputFailed || missing > 0 || stage.missingAll > 0) {
            reconsider(stage, p);
            return;
        }
        stage.tasks.phase(p, Phase.READY);
        placement.readyFor(worker, stage, p);
    }

    private void countMissing(StageState stage, int p) {
        missing = 0;
        inputFailed = false;
        wiring.forEachInput(stage, p, look);
        for (int i = 0; i < stage.inputs.size(); i++) {
            StageState.Link link = stage.inputs.get(i);
            inputFailed |= link.readsAll() && link.input().tasks.count(Phase.FAILED) > 0;
        }
        stage.tasks.missing(p, missing);
    }

    private void look(StageState input, int p) {
        Phase phase = input.tasks.phase(p);
        inputFailed |= phase == Phase.FAILED;
        if (!phase.available()) {
            missing++;
        }
    }

    /// Lets the tasks fail that wait for inputs that have failed.
    void failForInputs(StageState stage) {
        int waiting = stage.tasks.pendingCount() - stage.tasks.count(Phase.ASSIGNED);
        for (int p = 0; waiting > 0; p++) {
            Phase phase = stage.tasks.phase(p);
            if (phase.pending() && phase != Phase.ASSIGNED) {
                waiting--;
                countMissing(stage, p);
                if (inputFailed) {
                    failForInput(stage, p);
                }
            }
        }
    }

    private void failForInput(StageState stage, int p) {
        TaskFailure[] found = new TaskFailure[1];
        TaskKey[] input = new TaskKey[1];
        wiring.forEachInput(
                stage,
                p,
                (other, q) -> {
                    TaskFailure failure = other.tasks.failure(q);
                    if (failure != null) {
                        found[0] = failure;
                        input[0] = new TaskKey(other.id(), q);
                    }
                });
        for (StageState.Link link : stage.inputs) {
            StageState other = link.input();
            for (int q = 0; link.readsAll() && q < other.tasks.size(); q++) {
                TaskFailure failure = other.tasks.failure(q);
                if (failure != null) {
                    found[0] = failure;
                    input[0] = new TaskKey(other.id(), q);
                }
            }
        }
        toFail.add(new Failing(stage, p, inputFailure(input[0], found[0]), found[0].origin()));
    }

    private static Failure inputFailure(TaskKey input, TaskFailure failure) {
        String reason = failure.failure().message();
        return failure.failure().kind() == Failure.Kind.INPUT_FAILED
                ? failure.failure()
                : new Failure(
                        Failure.Kind.INPUT_FAILED,
                        "task %s, which it reads, failed: %s".formatted(input, reason));
    }

    /// An attempt has ended with an output.
    void finish(StageState stage, int p, long rows, long bytes) {
        TaskTable tasks = stage.tasks;
        tasks.phase(p, Phase.IN_MEMORY);
        tasks.setFlag(p, TaskPage.FINISHED_ONCE);
        tasks.output(p, rows, bytes, board.now);
        if (!tasks.flag(p, TaskPage.COUNTED)) {
            tasks.setFlag(p, TaskPage.COUNTED);
            stage.doneCount++;
            stage.rows += rows;
            stage.bytes += bytes;
        }
        if (tasks.flag(p, TaskPage.WANTED)) {
            tellFinished(stage, p);
        }
        becameAvailable(stage, p);
        dropInputs(stage, p);
        if (!stage.needed(p)) {
            toRelease.push(stage, p);
        }
    }

    /// An output that counts already, or as empty, has turned out to be where the table says.
    void found(StageState stage, int p, long rows, long bytes) {
        stage.tasks.setFinishedOnce(p);
        stage.tasks.output(p, rows, bytes, board.now);
        moved(stage, p);
    }

    /// The table says where the output is now: who reads it hears that.
    void moved(StageState stage, int p) {
        board.replicas.moved(stage, p);
        if (stage.tasks.flag(p, TaskPage.WANTED)) {
            tellFinished(stage, p);
        }
        for (StageState.Link link : stage.readers) {
            if (link.readsAll()) {
                link.reader().inputsVersion++;
            }
        }
    }

    private void tellFinished(StageState stage, int p) {
        TaskTable tasks = stage.tasks;
        board.notify(
                stage.job.client,
                new ClientNotice.TaskFinished(
                        stage.id(),
                        p,
                        tasks.attempt(p),
                        tasks.worker(p),
                        tasks.rows(p),
                        tasks.bytes(p)));
    }

    /// The task isn't needed because enough is known: it counts as an empty output.
    void drop(StageState stage, int p) {
        Phase phase = stage.tasks.phase(p);
        if (phase.available() || phase == Phase.FAILED) {
            return;
        }
        if (phase == Phase.ASSIGNED) {
            board.cancel(stage.tasks.worker(p), stage, p, stage.tasks.attempt(p));
        }
        stage.tasks.phase(p, Phase.DROPPED);
        stage.tasks.clearWorker(p);
        if (!stage.tasks.flag(p, TaskPage.COUNTED)) {
            stage.tasks.setFlag(p, TaskPage.COUNTED);
            stage.doneCount++;
        }
        becameAvailable(stage, p);
        if (phase.pending()) {
            dropInputs(stage, p);
        }
    }

    private void becameAvailable(StageState stage, int p) {
        wiring.forEachDependent(stage, p, supply);
        for (int i = 0; i < stage.readers.size(); i++) {
            StageState.Link link = stage.readers.get(i);
            if (link.readsAll()) {
                link.reader().inputsVersion++;
                if (--link.reader().missingAll == 0) {
                    placement.readyAll(link.reader());
                }
            }
        }
    }

    private void supply(StageState dependent, int p) {
        Phase phase = dependent.tasks.phase(p);
        if (phase != Phase.WAITING && phase != Phase.DELAYED) {
            return;
        }
        int left = dependent.tasks.removeMissing(p);
        if (left == 0 && phase == Phase.WAITING && dependent.missingAll == 0) {
            placement.ready(dependent, p);
        }
    }

    private void becameUnavailable(StageState stage, int p) {
        wiring.forEachDependent(stage, p, deprive);
        missingForAll(stage);
    }

    private void missingForAll(StageState stage) {
        for (int i = 0; i < stage.readers.size(); i++) {
            StageState.Link link = stage.readers.get(i);
            if (!link.readsAll()) {
                continue;
            }
            StageState reader = link.reader();
            reader.inputsVersion++;
            if (reader.missingAll++ == 0) {
                int ready = reader.tasks.count(Phase.READY);
                for (int q = 0; ready > 0; q++) {
                    if (reader.tasks.phase(q) == Phase.READY) {
                        reader.tasks.phase(q, Phase.WAITING);
                        ready--;
                    }
                }
            }
        }
    }

    private void deprive(StageState dependent, int p) {
        Phase phase = dependent.tasks.phase(p);
        if (phase == Phase.WAITING || phase == Phase.DELAYED || phase == Phase.READY) {
            dependent.tasks.addMissing(p);
        }
        if (phase == Phase.READY) {
            dependent.tasks.phase(p, Phase.WAITING);
        }
    }

    /// The task isn't pending any more: it doesn't need its inputs.
    private void dropInputs(StageState stage, int p) {
        wiring.forEachInput(stage, p, unneed);
        for (int i = 0; i < stage.inputs.size(); i++) {
            StageState.Link link = stage.inputs.get(i);
            if (link.readsAll() && --link.input().dependentsAll == 0) {
                stagesToRelease.add(link.input());
            }
        }
        forgettableWhenIdle(stage);
    }

    private void unneed(StageState input, int p) {
        if (input.tasks.removeDependent(p) == 0) {
            toRelease.push(input, p);
        }
    }

    private void releaseIfUnneeded(StageState stage, int p) {
        if (stage.needed(p)) {
            return;
        }
        Phase phase = stage.tasks.phase(p);
        switch (phase) {
            case IN_MEMORY -> {
                board.free(stage.tasks.worker(p), stage, p, stage.tasks.attempt(p));
                stage.tasks.clearWorker(p);
                stage.tasks.phase(p, Phase.IDLE);
                missingForAll(stage);
                stage.tasks.collapseIfReleased(p);
                forgettableWhenIdle(stage);
            }
            case ASSIGNED -> {
                board.cancel(stage.tasks.worker(p), stage, p, stage.tasks.attempt(p));
                makeIdle(stage, p);
            }
            case WAITING, DELAYED, READY -> makeIdle(stage, p);
            case IDLE, DROPPED, FAILED -> {}
        }
    }

    private void makeIdle(StageState stage, int p) {
        stage.tasks.clearWorker(p);
        stage.tasks.phase(p, Phase.IDLE);
        dropInputs(stage, p);
    }

    private void forgettableWhenIdle(StageState stage) {
        if (stage.closed && stage.tasks.pendingCount() + stage.tasks.count(Phase.IN_MEMORY) == 0) {
            board.forgettable.add(stage);
        }
    }

    /// Another worker holds the output, too: from now on that is where it is.
    ///
    /// @return false when none does
    boolean standsIn(StageState stage, int p) {
        Replicas.Replica replica = board.replicas.use(stage, p);
        if (replica == null) {
            return false;
        }
        stage.tasks.move(p, replica.worker(), replica.attempt());
        stage.story.tell(
                board.now, p, p + 1, "worker %d has it as well".formatted(replica.worker()));
        moved(stage, p);
        return true;
    }

    /// The worker that held the output doesn't any more. Where another one holds it, too, that
    /// counts.
    void lose(StageState stage, int p) {
        if (standsIn(stage, p)) {
            return;
        }
        stage.tasks.clearWorker(p);
        stage.tasks.phase(p, Phase.IDLE);
        if (p < stage.prefix) {
            stage.prefix = 0;
            stage.prefixRows = 0;
        }
        becameUnavailable(stage, p);
        if (stage.needed(p)) {
            toSchedule.push(stage, p);
        } else {
            forgettableWhenIdle(stage);
        }
    }

    /// A pending task has failed for good, and with it what depends on it.
    void fail(StageState stage, int p, Failure failure, TaskKey origin) {
        if (stage.tasks.phase(p) == Phase.ASSIGNED) {
            board.cancel(stage.tasks.worker(p), stage, p, stage.tasks.attempt(p));
        }
        stage.tasks.clearWorker(p);
        stage.tasks.phase(p, Phase.FAILED);
        var failed = new TaskFailure(failure, origin);
        stage.tasks.failure(p, failed);
        dropInputs(stage, p);
        stage.story.tell(board.now, p, p + 1, "failed for good: " + failure.message());
        board.failed(stage, p, failure, origin);
        Failure followed = inputFailure(new TaskKey(stage.id(), p), failed);
        wiring.forEachDependent(
                stage, p, (other, q) -> toFail.add(new Failing(other, q, followed, origin)));
        for (StageState.Link link : stage.readers) {
            if (link.readsAll()) {
                failPending(link.reader(), followed, origin);
            }
        }
        if (stage.job.failFast && !stage.job.failed()) {
            failJob(stage.job, failure, origin);
        }
    }

    /// The whole job has failed: what is pending never runs.
    void failJob(JobState job, Failure failure, TaskKey origin) {
        board.flushFailed();
        job.fail(failure, origin);
        board.record(new LogRecord.JobFailed(job.id, failure, origin), true);
        board.notify(job.client, new ClientNotice.JobFailed(job.id, failure, origin));
        failPending(job);
    }

    /// What is pending of a job that has failed never runs.
    void failPending(JobState job) {
        TaskFailure why = job.failure;
        for (StageState stage : job.stages) {
            if (why != null) {
                failPending(stage, why.failure(), why.origin());
            }
        }
    }

    /// A task that a scheduler before this one let fail, with all that failed because of it.
    void failedBefore(StageState stage, int p, Failure failure, TaskKey origin) {
        Phase phase = stage.tasks.phase(p);
        stage.tasks.clearWorker(p);
        stage.tasks.phase(p, Phase.FAILED);
        stage.tasks.failure(p, new TaskFailure(failure, origin));
        if (phase.pending()) {
            dropInputs(stage, p);
        }
        stage.story.tell(board.now, p, p + 1, "failed for good: " + failure.message());
    }

    private void failPending(StageState stage, Failure failure, TaskKey origin) {
        int pending = stage.tasks.pendingCount();
        for (int q = 0; pending > 0; q++) {
            if (stage.tasks.phase(q).pending()) {
                toFail.add(new Failing(stage, q, failure, origin));
                pending--;
            }
        }
    }
}
