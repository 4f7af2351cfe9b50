package dev.quiver.scheduler.state;

import dev.quiver.protocol.AttemptNumber;
import java.util.Arrays;

/// What must hold between any two events.
final class Invariants {
    private final Board board;
    private final Wiring wiring;
    private final Placement placement;
    private final int[] counts = new int[Phase.count()];
    private int missing;
    private int dependents;
    private int unconfirmed;
    private int assigned;
    private int listed;
    private int impureAttempt;

    private final Wiring.Visitor countMissing =
            (input, q) -> {
                if (!input.tasks.phase(q).available()) {
                    missing++;
                }
            };
    private final Wiring.Visitor countDependents =
            (reader, q) -> {
                if (reader.tasks.phase(q).pending()) {
                    dependents++;
                }
            };

    private final Wiring.Visitor findImpure =
            (input, q) -> {
                if (input.impure() && input.tasks.phase(q) == Phase.IN_MEMORY) {
                    impureAttempt = Math.max(impureAttempt, input.tasks.attempt(q));
                }
            };

    Invariants(Board board, Wiring wiring, Placement placement) {
        this.placement = placement;
        this.board = board;
        this.wiring = wiring;
    }

    void check() {
        assigned = 0;
        listed = 0;
        board.stages.forEach(this::check);
        int questions = 0;
        for (WorkerRecord worker : board.workers.all()) {
            check(worker);
            placement.forEachAssigned(worker, (_, _, _) -> listed++);
            questions += worker.questions;
            questions -= board.worker(worker.stealFor()) == null ? 0 : 1;
        }
        if (questions != 0) {
            throw new IllegalStateException("questions to give tasks back: " + questions);
        }
        if (listed != assigned) {
            throw new IllegalStateException(
                    "%d assigned tasks, lists of workers name %d".formatted(assigned, listed));
        }
    }

    private void check(WorkerRecord worker) {
        Roster workers = board.workers;
        int id = worker.id;
        require(worker.yieldedCount() >= 0, id, "attempts without a slot");
        require(worker.outstanding() >= 0 && worker.outstandingBytes() >= 0, id, "load");
        require(workers.loaded.contains(worker) == worker.canBeAsked(), id, "can be asked");
        require(!worker.mayBeGiven() || workers.isListed(worker), id, "looked at by nobody");
        if (worker.retiring) {
            require(worker.queue.isEmpty(), id, "tasks wait for one that is to leave");
        }
        if (board.recovering) {
            return;
        }
        require(!workers.due.contains(worker), id, "wasn't looked at");
        if (workers.hungry.contains(worker)) {
            require(worker.queue.isEmpty() && placement.nothingWaits(), id, "could take more");
        }
    }

    private void check(StageState stage) {
        Arrays.fill(counts, 0);
        unconfirmed = 0;
        for (int p = 0; p < stage.tasks.size(); p++) {
            check(stage, p);
        }
        for (Phase phase : Phase.values()) {
            require(counts[phase.code] == stage.tasks.count(phase), stage, "count", phase);
        }
        int unavailable = 0;
        for (StageState.Link link : stage.inputs) {
            if (link.readsAll()) {
                TaskTable tasks = link.input().tasks;
                unavailable +=
                        tasks.size() - tasks.count(Phase.IN_MEMORY) - tasks.count(Phase.DROPPED);
            }
        }
        require(stage.missingAll == unavailable, stage, "missingAll", stage.missingAll);
        long pending = 0;
        for (StageState.Link link : stage.readers) {
            pending += link.readsAll() ? link.reader().tasks.pendingCount() : 0;
        }
        require(stage.dependentsAll == pending, stage, "dependentsAll", stage.dependentsAll);
        int outstanding = 0;
        for (WorkerRecord worker : board.workers.all()) {
            outstanding += worker.outstanding(stage);
        }
        require(stage.outstanding == outstanding, stage, "outstanding", outstanding);
        assigned += stage.tasks.count(Phase.ASSIGNED) - unconfirmed;
        require(
                outstanding >= stage.tasks.count(Phase.ASSIGNED) - unconfirmed,
                stage,
                "fewer attempts at workers than assigned tasks",
                outstanding);
    }

    private void check(StageState stage, int p) {
        TaskTable tasks = stage.tasks;
        Phase phase = tasks.phase(p);
        counts[phase.code]++;
        dependents = 0;
        wiring.forEachDependent(stage, p, countDependents);
        require(tasks.dependents(p) == dependents, stage, p, "dependents");
        boolean needed = stage.needed(p);
        switch (phase) {
            case IDLE -> {
                require(!needed, stage, p, "needed and idle");
                require(tasks.worker(p) == TaskPage.NOBODY, stage, p, "idle on a worker");
            }
            case WAITING, DELAYED, READY -> {
                require(needed, stage, p, "pending and not needed");
                require(tasks.worker(p) == TaskPage.NOBODY, stage, p, "waits on a worker");
                missing = 0;
                wiring.forEachInput(stage, p, countMissing);
                require(tasks.missing(p) == missing, stage, p, "missing");
                if (phase == Phase.READY) {
                    require(missing == 0 && stage.missingAll == 0, stage, p, "ready too early");
                } else if (phase == Phase.WAITING) {
                    require(missing > 0 || stage.missingAll > 0, stage, p, "waits for nothing");
                }
            }
            case ASSIGNED, IN_MEMORY -> {
                require(needed, stage, p, "kept and not needed");
                require(board.worker(tasks.worker(p)) != null, stage, p, "on a lost worker");
                checkAttempt(stage, p);
            }
            case FAILED -> require(tasks.failure(p) != null, stage, p, "failed without a reason");
            case DROPPED -> {}
        }
    }

    private void checkAttempt(StageState stage, int p) {
        TaskTable tasks = stage.tasks;
        int attempt = tasks.attempt(p);
        require((attempt & AttemptNumber.COUNT_MAX) > 0, stage, p, "attempt");
        require(AttemptNumber.epoch(attempt) <= board.epoch, stage, p, "attempt of the future");
        WorkerRecord worker = board.worker(tasks.worker(p));
        if (tasks.flag(p, TaskPage.UNCONFIRMED)) {
            unconfirmed += tasks.phase(p) == Phase.ASSIGNED ? 1 : 0;
            require(worker != null && worker.announcing, stage, p, "never confirmed");
        }
        if (board.failover && !board.recovering && stage.readsImpure) {
            impureAttempt = 0;
            wiring.forEachInput(stage, p, findImpure);
            require(attempt >= impureAttempt, stage, p, "older than an impure input");
        }
    }

    private static void require(boolean holds, StageState stage, int p, String what) {
        if (!holds) {
            throw new IllegalStateException(
                    "%s task %d, %s, attempt %d: %s"
                            .formatted(
                                    stage, p, stage.tasks.phase(p), stage.tasks.attempt(p), what));
        }
    }

    private static void require(boolean holds, StageState stage, String what, Object value) {
        if (!holds) {
            throw new IllegalStateException("%s: %s, %s".formatted(stage, what, value));
        }
    }

    private static void require(boolean holds, int worker, String what) {
        if (!holds) {
            throw new IllegalStateException("worker %d: %s".formatted(worker, what));
        }
    }
}
