package dev.quiver.scheduler.state;

import dev.quiver.protocol.SchedulerMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How workers leave that are to: they get no task, give back what they haven't started and end
/// what they run. When nothing of theirs is needed any more they are told that they may go.
final class Retirement {
    private final Board board;
    private final Placement placement;

    Retirement(Board board, Placement placement) {
        this.board = board;
        this.placement = placement;
    }

    /// The worker is to leave; it says so again in each of its sessions.
    void begin(WorkerRecord worker) {
        worker.released = false;
        if (!worker.retiring) {
            board.workers.retire(worker);
            placement.requeue(worker);
            board.workers.backlogChanged(worker);
            placement.takeBack(worker);
        }
        worker.held.clear();
        board.stages.forEach(stage -> findHeld(worker, stage));
    }

    private static void findHeld(WorkerRecord worker, StageState stage) {
        int candidates = stage.tasks.count(Phase.IN_MEMORY);
        for (int p = 0; candidates > 0 && p < stage.tasks.size(); p++) {
            if (stage.tasks.phase(p) == Phase.IN_MEMORY) {
                candidates--;
                if (stage.tasks.worker(p) == worker.id) {
                    holds(worker, stage, p);
                }
            }
        }
    }

    /// A worker that is to leave holds that output.
    static void holds(WorkerRecord worker, StageState stage, int p) {
        int attempt = stage.tasks.attempt(p);
        Run last = worker.held.peekLast();
        if (last != null && last.stage == stage && last.to == p && last.attempt == attempt) {
            last.to++;
        } else {
            worker.held.add(new Run(stage, p, p + 1, attempt));
        }
    }

    /// Lets those go of which nothing is needed.
    void look() {
        for (int i = 0; i < board.workers.retiring().size(); i++) {
            WorkerRecord worker = board.workers.retiring().get(i);
            if (!worker.announcing
                    && !worker.released
                    && worker.isDone()
                    && firstHeld(worker) == null) {
                worker.released = true;
                board.tell(worker.id, new SchedulerMessage.Retired());
            }
        }
    }

    /// The first run of outputs that the worker holds, from an output on that it does hold; null
    /// when it holds none.
    private static @Nullable Run firstHeld(WorkerRecord worker) {
        for (Run run = worker.held.peek(); run != null; run = worker.held.peek()) {
            while (run.from < run.to && !isHeld(worker, run, run.from)) {
                run.from++;
            }
            if (run.from < run.to) {
                return run;
            }
            worker.held.remove();
        }
        return null;
    }

    private static boolean isHeld(WorkerRecord worker, Run run, int p) {
        TaskTable tasks = run.stage.tasks;
        return !run.stage.forgotten
                && tasks.phase(p) == Phase.IN_MEMORY
                && tasks.worker(p) == worker.id
                && tasks.attempt(p) == run.attempt;
    }

    /// How far those are that are to leave.
    List<RetirementStatus> statuses() {
        var all = new ArrayList<RetirementStatus>();
        for (WorkerRecord worker : board.workers.retiring()) {
            long outputs = 0;
            long bytes = 0;
            for (Run run : worker.held) {
                for (int p = run.from; p < run.to; p++) {
                    if (isHeld(worker, run, p)) {
                        outputs++;
                        bytes += run.stage.tasks.bytes(p);
                    }
                }
            }
            all.add(
                    new RetirementStatus(
                            worker.id, worker.attempts(), outputs, bytes, worker.released));
        }
        return all;
    }
}
