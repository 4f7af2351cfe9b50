package dev.quiver.scheduler.state;

import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.WorkerMessage;
import java.util.List;

/// What follows from what workers say, and from their coming and going.
///
/// Every attempt at a worker ends in one report. A report counts only when it is about the attempt
/// that the scheduler waits for; else an output that came with it is freed.
final class Reports {
    private final Board board;
    private final Lineage lineage;
    private final Placement placement;
    private final Announcements announcements;
    private final Retirement retirement;
    private final Speculation speculation;
    private final Rebalancing rebalancing;
    private final Replication replication;

    Reports(
            Board board,
            Lineage lineage,
            Placement placement,
            Announcements announcements,
            Retirement retirement,
            Speculation speculation,
            Rebalancing rebalancing,
            Replication replication) {
        this.replication = replication;
        this.speculation = speculation;
        this.rebalancing = rebalancing;
        this.retirement = retirement;
        this.announcements = announcements;
        this.board = board;
        this.lineage = lineage;
        this.placement = placement;
    }

    void joined(int id, int slots, long memoryBytes) {
        WorkerRecord known = board.worker(id);
        if (known != null && board.failover) {
            announcements.rejoined(known);
            retirement.lost(known);
            rebalancing.lost(known);
            replication.lost(known);
            return;
        }
        if (known != null) {
            throw new IllegalStateException("worker %d has joined twice".formatted(id));
        }
        board.workers.add(
                new WorkerRecord(board.workers, id, slots, memoryBytes, board.failover), board.now);
        replication.joined();
    }

    void heard(int id) {
        WorkerRecord worker = board.worker(id);
        if (worker != null) {
            board.workers.heard(worker, board.now);
        }
    }

    void said(WorkerRecord worker, WorkerMessage message) {
        if (announcements.isAboutStranger(worker, message)) {
            return;
        }
        switch (message) {
            case WorkerMessage.Started m -> started(worker, m);
            case WorkerMessage.Yielded _ -> worker.yielded();
            case WorkerMessage.Resumed _ -> worker.resumed();
            case WorkerMessage.Finished m -> finished(worker, m);
            case WorkerMessage.Failed m -> failed(worker, m);
            case WorkerMessage.InputMissing m -> inputMissing(worker, m);
            case WorkerMessage.Returned m -> returned(worker, m);
            case WorkerMessage.StealAnswered() -> board.workers.answered(worker);
            case WorkerMessage.Holding m -> announcements.holding(worker, m);
            case WorkerMessage.Running m -> announcements.running(worker, m);
            case WorkerMessage.Announced() -> announcements.announced(worker);
            case WorkerMessage.Retiring() -> {
                rebalancing.handOver(worker, retirement);
                replication.leaves(worker);
                retirement.begin(worker);
            }
            case WorkerMessage.Copied m -> copied(worker, m);
            case WorkerMessage.NotCopied m -> {
                replication.answered(worker, m.stage(), m.partition(), m.attempt());
                rebalancing.notCopied(worker, m);
                retirement.notCopied(worker, m);
            }
        }
    }

    /// One answer stands for all that the worker was asked to copy the output for.
    private void copied(WorkerRecord worker, WorkerMessage.Copied m) {
        boolean isReplica =
                replication.answered(worker, m.stage(), m.partition(), m.attempt())
                        && !retirement.hasAsked(worker, m);
        if (!rebalancing.copied(worker, m) && !(isReplica && replication.copied(worker, m))) {
            retirement.copied(worker, m);
        }
    }

    private StageState stage(int id) {
        StageState stage = board.stages.get(id);
        if (stage == null) {
            throw new IllegalStateException(
                    "a report about stage %d, which was forgotten while attempts ran"
                            .formatted(id));
        }
        return stage;
    }

    /// True when the scheduler waits for this attempt.
    private static boolean current(WorkerRecord worker, StageState stage, int p, int attempt) {
        return stage.tasks.phase(p) == Phase.ASSIGNED
                && stage.tasks.attempt(p) == attempt
                && stage.tasks.worker(p) == worker.id;
    }

    private void started(WorkerRecord worker, WorkerMessage.Started m) {
        StageState stage = stage(m.stage());
        for (int p = m.from(); p < m.to(); p++) {
            if (current(worker, stage, p, m.attempt())) {
                stage.tasks.setFlag(p, TaskPage.STARTED);
            } else {
                speculation.started(worker, stage, p, m.attempt());
            }
        }
    }

    private void finished(WorkerRecord worker, WorkerMessage.Finished m) {
        StageState stage = stage(m.stage());
        ended(worker, stage, 1);
        stage.job.share.took(stage, m.nanos());
        stage.took(m.nanos());
        stage.progressNanos = board.now;
        int p = m.partition();
        if (!current(worker, stage, p, m.attempt())
                && !speculation.wins(worker, stage, p, m.attempt())) {
            board.freeAt(worker.id, stage, p, m.attempt());
            return;
        }
        speculation.finishes(stage, p);
        lineage.finish(stage, p, m.rows(), m.bytes());
        board.reportIfDone(stage);
        if (worker.retiring) {
            retirement.holds(worker, stage, p);
        } else if (stage.tasks.flag(p, TaskPage.WANTED)) {
            replication.consider(stage);
        }
    }

    private void ended(WorkerRecord worker, StageState stage, int count) {
        worker.ended(stage, count);
        if (stage.closed && stage.outstanding == 0) {
            board.forgettable.add(stage);
        }
    }

    private void failed(WorkerRecord worker, WorkerMessage.Failed m) {
        StageState stage = stage(m.stage());
        ended(worker, stage, 1);
        int p = m.partition();
        if (!current(worker, stage, p, m.attempt())) {
            String how = "failed (%s)".formatted(m.failure().message());
            speculation.fell(worker, stage, p, m.attempt(), how);
            return;
        }
        Failure failure = m.failure();
        switch (failure.kind()) {
            case USER_ERROR, TIMEOUT ->
                    retry(
                            stage,
                            p,
                            failure,
                            Trouble.USER_ERROR,
                            stage.stage.limits().retries(),
                            stage.stage.limits().backOffNanos());
            case OUT_OF_MEMORY ->
                    retry(
                            stage,
                            p,
                            failure,
                            Trouble.OUT_OF_MEMORY,
                            board.settings.outOfMemoryMax() - 1,
                            board.settings.backOffNanos());
            case PERMANENT, CANCELLED, WORKER_LOST, INPUT_FAILED -> failForGood(stage, p, failure);
        }
    }

    /// @param retries how often this trouble may be answered by another attempt
    /// @param backOffNanos the wait before the first of them
    private void retry(
            StageState stage,
            int p,
            Failure failure,
            Trouble trouble,
            int retries,
            long backOffNanos) {
        int times = stage.tasks.addTrouble(p, trouble);
        if (times > retries) {
            failForGood(stage, p, failure);
            return;
        }
        stage.story.tell(
                board.now,
                p,
                p + 1,
                "attempt %d failed on worker %d: %s; %d of %d retries"
                        .formatted(
                                stage.tasks.attempt(p),
                                stage.tasks.worker(p),
                                failure.message(),
                                times,
                                retries));
        if (backOffNanos == 0) {
            lineage.reconsider(stage, p);
            return;
        }
        long wait = backOffNanos;
        for (int i = 1; i < times && wait < SchedulerSettings.BACK_OFF_NANOS_MAX; i++) {
            wait *= 2;
        }
        lineage.delay(stage, p, board.now + Math.min(wait, SchedulerSettings.BACK_OFF_NANOS_MAX));
    }

    private void failForGood(StageState stage, int p, Failure failure) {
        stage.tasks.phase(p, Phase.WAITING); // the attempt has ended: there is nothing to cancel
        lineage.fail(stage, p, failure, new TaskKey(stage.id(), p));
    }

    private void inputMissing(WorkerRecord worker, WorkerMessage.InputMissing m) {
        StageState stage = stage(m.stage());
        ended(worker, stage, 1);
        if (!current(worker, stage, m.partition(), m.attempt())) {
            String how = "could not fetch %d/%d".formatted(m.inputStage(), m.inputPartition());
            speculation.fell(worker, stage, m.partition(), m.attempt(), how);
            return;
        }
        stage.story.tell(
                board.now,
                m.partition(),
                m.partition() + 1,
                "worker %d could not fetch %d/%d"
                        .formatted(worker.id, m.inputStage(), m.inputPartition()));
        StageState input = board.stages.get(m.inputStage());
        int q = m.inputPartition();
        if (input != null
                && input.tasks.phase(q) == Phase.IN_MEMORY
                && input.tasks.worker(q) == m.inputWorker()
                && input.tasks.attempt(q) == m.inputAttempt()) {
            input.story.tell(board.now, q, q + 1, "its output could not be fetched");
            if (lineage.standsIn(input, q)) {
                board.freeAt(m.inputWorker(), input, q, m.inputAttempt());
            } else {
                board.free(m.inputWorker(), input, q, m.inputAttempt());
                lineage.lose(input, q);
            }
        }
        lineage.reconsider(stage, m.partition());
    }

    private void returned(WorkerRecord worker, WorkerMessage.Returned m) {
        StageState stage = stage(m.stage());
        ended(worker, stage, m.to() - m.from());
        for (int p = m.from(); p < m.to(); p++) {
            if (!current(worker, stage, p, m.attempt())) {
                speculation.fell(worker, stage, p, m.attempt(), "didn't run");
                continue;
            }
            stage.tasks.clearWorker(p);
            if (worker.stealPending()) {
                stage.tasks.phase(p, Phase.WAITING);
                lineage.giveTo(worker.stealFor(), stage, p);
            } else {
                lineage.reconsider(stage, p);
            }
        }
    }

    void lost(WorkerRecord worker) {
        worker.endAll();
        board.workers.remove(worker);
        retirement.lost(worker);
        speculation.lost(worker).forEach(task -> ranOnLost(worker, task));
        rebalancing.lost(worker);
        replication.lost(worker);
        board.stages.forEach(stage -> lostFrom(worker, stage));
        placement.requeue(worker);
    }

    private void lostFrom(WorkerRecord worker, StageState stage) {
        stage.closedOn(worker.id);
        if (stage.closed && stage.outstanding == 0) {
            board.forgettable.add(stage);
        }
        int candidates = stage.tasks.count(Phase.ASSIGNED) + stage.tasks.count(Phase.IN_MEMORY);
        for (int p = 0; candidates > 0 && p < stage.tasks.size(); p++) {
            if (stage.tasks.worker(p) != worker.id) {
                continue;
            }
            if (stage.tasks.phase(p) == Phase.IN_MEMORY) {
                stage.story.tell(board.now, p, p + 1, "output lost with worker " + worker.id);
                lineage.lose(stage, p);
            } else {
                lostAttempt(worker, stage, p);
            }
        }
    }

    private void lostAttempt(WorkerRecord worker, StageState stage, int p) {
        if (!stage.tasks.flag(p, TaskPage.STARTED)) {
            again(stage, p);
            return;
        }
        int times = stage.tasks.addTrouble(p, Trouble.WORKER_LOST);
        stage.story.tell(
                board.now,
                p,
                p + 1,
                "attempt %d ran on worker %d when that was lost"
                        .formatted(stage.tasks.attempt(p), worker.id));
        List<Integer> lostWith = stage.lostWith(p, worker.id);
        if (times < board.settings.workerLossesMax()) {
            again(stage, p);
            return;
        }
        failForGood(
                stage,
                p,
                new Failure(
                        Failure.Kind.WORKER_LOST,
                        ("%d workers were lost while task %d of '%s' ran on them; it is not tried "
                                        + "again, since it probably ends the process it runs in")
                                .formatted(times, p, stage.stage.name()),
                        lostWith));
    }

    /// A task that isn't at its worker any more is given to another, unless one runs it already.
    private void again(StageState stage, int p) {
        if (!speculation.standsIn(stage, p)) {
            lineage.reconsider(stage, p);
        }
    }

    /// A second attempt at a task ran on the worker.
    private void ranOnLost(WorkerRecord worker, TaskKey task) {
        StageState stage = stage(task.stage());
        stage.tasks.addTrouble(task.partition(), Trouble.WORKER_LOST);
        stage.lostWith(task.partition(), worker.id);
    }

    /// Time has passed: workers may have been silent for too long, back-offs may be over.
    void ticked() {
        for (Delays.Delay delay = placement.delays.poll(board.now);
                delay != null;
                delay = placement.delays.poll(board.now)) {
            StageState stage = delay.stage();
            if (!stage.forgotten
                    && stage.tasks.phase(delay.partition()) == Phase.DELAYED
                    && stage.tasks.attempt(delay.partition()) == delay.attempt()) {
                lineage.reconsider(stage, delay.partition());
            }
        }
        long lease = board.settings.leaseNanos();
        if (lease == SchedulerSettings.NO_LEASE) {
            return;
        }
        for (WorkerRecord quiet : board.workers.quietSince(board.now - lease)) {
            board.dismiss(quiet.id);
            lost(quiet);
        }
    }

    /// When [#ticked] has something to do next, at the earliest.
    long wakeNanos() {
        long wake = placement.delays.nextNanos();
        long quietSince = board.workers.quietSince();
        long lease = board.settings.leaseNanos();
        return lease == SchedulerSettings.NO_LEASE || quietSince == Long.MAX_VALUE
                ? wake
                : Math.min(wake, quietSince + lease + 1);
    }
}
