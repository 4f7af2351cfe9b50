package dev.quiver.scheduler.state;

import dev.quiver.protocol.LogRecord;

/// What starts again when an impure task gives another output than before.
final class Restarts {
    private final Board board;
    private final Wiring wiring;
    private final Lineage lineage;

    Restarts(Board board, Wiring wiring, Lineage lineage) {
        this.board = board;
        this.wiring = wiring;
        this.lineage = lineage;
    }

    /// The task is about to give another output than before: whatever started on the old one, or on
    /// what came of it, starts again.
    void restartDependents(StageState root, int rootPartition) {
        var tainted = new TaskStack();
        taint(tainted, root, rootPartition);
        for (int i = 0; i < tainted.size(); i++) {
            taint(tainted, tainted.stage(i), tainted.partition(i));
        }
        if (board.failover) {
            voidAttempts(root, rootPartition, tainted);
        }
        root.tasks.clearFlag(rootPartition, TaskPage.FINISHED_ONCE);
        for (int i = 0; i < tainted.size(); i++) {
            restart(tainted.stage(i), tainted.partition(i));
        }
    }

    /// Lets the next attempt be greater than all that started on an earlier one, so that the next
    /// scheduler can tell them apart.
    private void voidAttempts(StageState root, int rootPartition, TaskStack tainted) {
        int greatest = 0;
        for (int i = 0; i < tainted.size(); i++) {
            greatest = Math.max(greatest, tainted.stage(i).tasks.attempt(tainted.partition(i)));
        }
        root.tasks.raiseAttempt(rootPartition, greatest);
        int next = Math.max(root.tasks.attempt(rootPartition), board.attemptBase) + 1;
        if (greatest > 0) {
            board.record(new LogRecord.Restarted(root.id(), rootPartition, next), true);
        }
    }

    private void taint(TaskStack tainted, StageState stage, int p) {
        Wiring.Visitor visitor =
                (dependent, q) -> {
                    if (startedOnInputs(dependent, q)) {
                        dependent.tasks.setFlag(q, TaskPage.TAINTED);
                        tainted.push(dependent, q);
                    }
                };
        forEachDependent(stage, p, visitor);
    }

    /// Visits the tasks that read `p` of `stage`, by name or with all others.
    void forEachDependent(StageState stage, int p, Wiring.Visitor visitor) {
        wiring.forEachDependent(stage, p, visitor);
        for (StageState.Link link : stage.readers) {
            for (int q = 0; link.readsAll() && q < link.reader().tasks.size(); q++) {
                visitor.visit(link.reader(), q);
            }
        }
    }

    private static boolean startedOnInputs(StageState stage, int p) {
        if (stage.tasks.flag(p, TaskPage.TAINTED)) {
            return false;
        }
        return switch (stage.tasks.phase(p)) {
            case ASSIGNED, IN_MEMORY -> true;
            case IDLE, WAITING, DELAYED, READY, DROPPED, FAILED ->
                    stage.tasks.flag(p, TaskPage.FINISHED_ONCE);
        };
    }

    void restart(StageState stage, int p) {
        TaskTable tasks = stage.tasks;
        tasks.clearFlag(p, TaskPage.TAINTED);
        tasks.clearFlag(p, TaskPage.FINISHED_ONCE);
        switch (tasks.phase(p)) {
            case ASSIGNED -> {
                board.cancel(tasks.worker(p), stage, p, tasks.attempt(p));
                stage.story.tell(board.now, p, p + 1, "starts again: an input is computed anew");
                lineage.reconsider(stage, p);
            }
            case IN_MEMORY -> {
                board.free(tasks.worker(p), stage, p, tasks.attempt(p));
                stage.story.tell(board.now, p, p + 1, "starts again: an input is computed anew");
                lineage.lose(stage, p);
            }
            case IDLE, WAITING, DELAYED, READY, DROPPED, FAILED -> {}
        }
    }
}
