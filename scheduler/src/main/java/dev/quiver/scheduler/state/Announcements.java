package dev.quiver.scheduler.state;

import dev.quiver.protocol.AttemptNumber;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;

/// What follows from what a worker tells at the beginning of a session about what it holds and
/// runs.
///
/// Of two attempts at a task that come to light the greater one counts. What nobody needs is freed
/// or cancelled. After the recovery is over, what comes late is taken only where the task waits and
/// every attempt gives the same output.
final class Announcements {
    private final Board board;
    private final Lineage lineage;
    private final Speculation speculation;
    private final Replication replication;

    Announcements(Board board, Lineage lineage, Speculation speculation, Replication replication) {
        this.replication = replication;
        this.board = board;
        this.lineage = lineage;
        this.speculation = speculation;
    }

    /// A worker that is known begins another session: what it was assigned and holds isn't certain
    /// until it tells.
    void rejoined(WorkerRecord worker) {
        worker.endAll();
        speculation.lost(worker);
        worker.assigned.clear();
        worker.strangers.clear();
        worker.announcing = true;
        worker.unconfirmed = true;
        board.workers.answered(worker);
        board.workers.heard(worker, board.now);
        board.workers.rest(worker);
        board.stages.forEach(stage -> {
            stage.closedOn(worker.id);
            if (stage.closed && stage.outstanding == 0) {
                board.forgettable.add(stage);
            }
            forEachAt(worker, stage, p -> stage.tasks.setFlag(p, TaskPage.UNCONFIRMED));
        });
    }

    private interface PartitionVisitor {
        void visit(int partition);
    }

    private static void forEachAt(WorkerRecord worker, StageState stage, PartitionVisitor visitor) {
        int candidates = stage.tasks.count(Phase.ASSIGNED) + stage.tasks.count(Phase.IN_MEMORY);
        for (int p = 0; candidates > 0 && p < stage.tasks.size(); p++) {
            Phase phase = stage.tasks.phase(p);
            if (phase == Phase.ASSIGNED || phase == Phase.IN_MEMORY) {
                candidates--;
                if (stage.tasks.worker(p) == worker.id) {
                    visitor.visit(p);
                }
            }
        }
    }

    /// The worker has told all: what it didn't tell is lost.
    void announced(WorkerRecord worker) {
        worker.announcing = false;
        board.workers.loadChanged(worker);
        board.workers.touch(worker);
        if (!worker.unconfirmed) {
            return;
        }
        worker.unconfirmed = false;
        board.stages.forEach(stage -> {
            forEachAt(worker, stage, p -> loseUnconfirmed(worker, stage, p));
        });
    }

    private void loseUnconfirmed(WorkerRecord worker, StageState stage, int p) {
        if (!stage.tasks.flag(p, TaskPage.UNCONFIRMED)) {
            return;
        }
        stage.tasks.clearFlag(p, TaskPage.UNCONFIRMED);
        stage.story.tell(board.now, p, p + 1, "not with worker %d any more".formatted(worker.id));
        if (stage.tasks.phase(p) == Phase.IN_MEMORY) {
            lineage.lose(stage, p);
        } else if (!speculation.standsIn(stage, p)) {
            lineage.reconsider(stage, p);
        }
    }

    void holding(WorkerRecord worker, WorkerMessage.Holding m) {
        StageState stage = board.stages.get(m.stage());
        int to = m.from() + m.rows().size();
        int known = stage == null ? m.from() : Math.clamp(stage.tasks.size(), m.from(), to);
        if (known < to) {
            board.tell(
                    worker.id,
                    new SchedulerMessage.OutputsFreed(m.stage(), known, to, m.attempt()));
        }
        for (int p = m.from(); stage != null && p < known; p++) {
            int i = p - m.from();
            hold(worker, stage, p, m.attempt(), m.rows().get(i), m.bytes().get(i));
        }
        if (stage != null) {
            board.reportIfDone(stage);
        }
    }

    private void hold(
            WorkerRecord worker, StageState stage, int p, int attempt, long rows, long bytes) {
        TaskTable tasks = stage.tasks;
        boolean same = tasks.worker(p) == worker.id && tasks.attempt(p) == attempt;
        boolean newer = board.recovering && attempt > tasks.attempt(p);
        switch (tasks.phase(p)) {
            case WAITING, DELAYED, READY -> {
                if (mayCome(stage)) {
                    finish(worker, stage, p, attempt, rows, bytes);
                    return;
                }
            }
            case ASSIGNED -> {
                if (same) {
                    finish(worker, stage, p, attempt, rows, bytes);
                    return;
                }
                if (newer || (board.recovering && !stage.varies())) {
                    board.cancel(tasks.worker(p), stage, p, tasks.attempt(p));
                    finish(worker, stage, p, attempt, rows, bytes);
                    return;
                }
            }
            case IN_MEMORY -> {
                if (attempt == tasks.attempt(p)) {
                    holdSame(worker, stage, p);
                    return;
                }
                if (newer) {
                    board.free(tasks.worker(p), stage, p, tasks.attempt(p));
                    tasks.move(p, worker.id, attempt);
                    lineage.found(stage, p, rows, bytes);
                    return;
                }
            }
            case DROPPED -> {
                if (board.recovering && stage.needed(p)) {
                    tasks.phase(p, Phase.IN_MEMORY);
                    tasks.move(p, worker.id, attempt);
                    lineage.found(stage, p, rows, bytes);
                    return;
                }
            }
            case IDLE, FAILED -> {}
        }
        // there alone: what counts may be an earlier attempt, and lie elsewhere
        board.freeAt(worker.id, stage, p, attempt);
    }

    /// The worker holds the output that counts. Of two that do the one counts that stays.
    private void holdSame(WorkerRecord worker, StageState stage, int p) {
        WorkerRecord holder = board.worker(stage.tasks.worker(p));
        if (holder == worker) {
            stage.tasks.clearFlag(p, TaskPage.UNCONFIRMED);
        } else if (holder != null && holder.retiring && !worker.retiring) {
            stage.tasks.move(p, worker.id, stage.tasks.attempt(p));
            lineage.moved(stage, p);
        } else if (!replication.adopted(worker, stage, p)) {
            board.freeAt(worker.id, stage, p, stage.tasks.attempt(p));
        }
    }

    /// True when the task may be taken as it comes from a worker although it waits here.
    private boolean mayCome(StageState stage) {
        return board.recovering || !stage.varies();
    }

    private void finish(
            WorkerRecord worker, StageState stage, int p, int attempt, long rows, long bytes) {
        stage.tasks.assign(p, worker.id, attempt, board.now);
        lineage.finish(stage, p, rows, bytes);
    }

    void running(WorkerRecord worker, WorkerMessage.Running m) {
        StageState stage = board.stages.get(m.stage());
        int known = stage == null ? m.from() : Math.clamp(stage.tasks.size(), m.from(), m.to());
        if (known < m.to()) {
            worker.strangers.merge(m.stage(), m.to() - known, Integer::sum);
            board.tell(
                    worker.id,
                    new SchedulerMessage.TasksCancelled(m.stage(), known, m.to(), m.attempt()));
        }
        if (stage == null) {
            board.tell(worker.id, new SchedulerMessage.StageClosed(m.stage()));
            return;
        }
        stage.openedOn.set(worker.id);
        stage.progressNanos = board.now;
        if (m.from() < known) {
            worker.assigned.add(new AssignedRun(stage, m.from(), known, m.attempt()));
        }
        for (int p = m.from(); p < known; p++) {
            worker.began(stage, 1);
            run(worker, stage, p, m.attempt());
        }
    }

    private void run(WorkerRecord worker, StageState stage, int p, int attempt) {
        TaskTable tasks = stage.tasks;
        boolean newer = board.recovering && attempt > tasks.attempt(p);
        boolean taken =
                switch (tasks.phase(p)) {
                    case WAITING, DELAYED, READY -> mayCome(stage);
                    case ASSIGNED -> {
                        boolean same = tasks.worker(p) == worker.id && tasks.attempt(p) == attempt;
                        if (newer) {
                            board.cancel(tasks.worker(p), stage, p, tasks.attempt(p));
                        }
                        yield same || newer;
                    }
                    case IN_MEMORY -> {
                        if (newer && stage.varies()) {
                            board.free(tasks.worker(p), stage, p, tasks.attempt(p));
                            lineage.lose(stage, p);
                            lineage.settle();
                        }
                        yield tasks.phase(p).pending();
                    }
                    case IDLE, DROPPED, FAILED -> false;
                };
        if (!taken) {
            board.cancel(worker.id, stage, p, attempt);
            return;
        }
        tasks.assign(p, worker.id, attempt, board.now);
        tasks.setFlag(p, TaskPage.STARTED);
    }

    /// Takes in a report about an attempt at a task that isn't known here. Answers false when it is
    /// no such report.
    boolean isAboutStranger(WorkerRecord worker, WorkerMessage message) {
        if (worker.strangers.isEmpty()) {
            return false;
        }
        return switch (message) {
            case WorkerMessage.Finished m -> {
                boolean stranger = endStranger(worker, m.stage(), m.attempt(), 1);
                if (stranger) {
                    int p = m.partition();
                    board.tell(
                            worker.id,
                            new SchedulerMessage.OutputsFreed(m.stage(), p, p + 1, m.attempt()));
                }
                yield stranger;
            }
            case WorkerMessage.Failed m -> endStranger(worker, m.stage(), m.attempt(), 1);
            case WorkerMessage.InputMissing m -> endStranger(worker, m.stage(), m.attempt(), 1);
            case WorkerMessage.Returned m ->
                    endStranger(worker, m.stage(), m.attempt(), m.to() - m.from());
            case WorkerMessage.Yielded m -> isStranger(worker, m.stage(), m.attempt());
            case WorkerMessage.Resumed m -> isStranger(worker, m.stage(), m.attempt());
            case WorkerMessage.Started _,
                    WorkerMessage.StealAnswered _,
                    WorkerMessage.Holding _,
                    WorkerMessage.Running _,
                    WorkerMessage.Announced _,
                    WorkerMessage.Retiring _,
                    WorkerMessage.Copied _,
                    WorkerMessage.NotCopied _ ->
                    false;
        };
    }

    private boolean isStranger(WorkerRecord worker, int stage, int attempt) {
        boolean ours =
                board.stages.get(stage) != null && AttemptNumber.epoch(attempt) == board.epoch;
        return worker.strangers.containsKey(stage) && !ours;
    }

    private boolean endStranger(WorkerRecord worker, int stage, int attempt, int count) {
        Integer left = worker.strangers.get(stage);
        if (left == null || !isStranger(worker, stage, attempt)) {
            return false;
        }
        if (left <= count) {
            worker.strangers.remove(stage);
        } else {
            worker.strangers.put(stage, left - count);
        }
        return true;
    }
}
