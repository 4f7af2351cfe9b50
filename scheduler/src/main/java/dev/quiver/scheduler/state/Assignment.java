package dev.quiver.scheduler.state;

import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.InputRun;
import dev.quiver.protocol.SchedulerMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes down for a worker what it shall run and where the inputs are.
final class Assignment {
    private final Board board;
    private final Wiring wiring;
    private final Wiring.Visitor raise = this::raise;

    /// The greatest attempt while the inputs of one task are visited.
    private int inputAttempt;

    Assignment(Board board, Wiring wiring) {
        this.board = board;
        this.wiring = wiring;
    }

    /// The number of the task's next attempt: greater than those before, in the epoch, and where
    /// the output may vary not smaller than those of its inputs.
    int nextAttempt(StageState stage, int p) {
        int last = stage.lastAttempt(p);
        if (!board.failover) {
            return last + 1;
        }
        inputAttempt = Math.max(last, board.attemptBase) + 1;
        if (stage.readsImpure) {
            wiring.forEachInput(stage, p, raise);
            inputAttempt = Math.max(inputAttempt, attemptOfAllInputs(stage));
        }
        return inputAttempt;
    }

    /// The greatest attempt at what every task of the stage reads.
    private static int attemptOfAllInputs(StageState stage) {
        if (stage.inputsAttemptVersion == stage.inputsVersion) {
            return stage.inputsAttempt;
        }
        int greatest = 0;
        for (StageState.Link link : stage.inputs) {
            for (int q = 0; link.readsAll() && q < link.input().tasks.size(); q++) {
                greatest = Math.max(greatest, link.input().tasks.attempt(q));
            }
        }
        stage.inputsAttempt = greatest;
        stage.inputsAttemptVersion = stage.inputsVersion;
        return greatest;
    }

    private void raise(StageState input, int p) {
        inputAttempt = Math.max(inputAttempt, input.tasks.attempt(p));
    }

    /// Gives ready tasks, all of whose next attempts are equal, to the worker.
    void assign(WorkerRecord worker, StageState stage, int from, int to) {
        open(worker, stage);
        locate(worker, stage);
        int attempt = nextAttempt(stage, from);
        for (int p = from; p < to; p++) {
            stage.tasks.assign(p, worker.id, attempt, board.now);
        }
        if (stage.outstanding == 0) {
            stage.progressNanos = board.now;
        }
        worker.began(stage, to - from);
        worker.assigned.add(new AssignedRun(stage, from, to, attempt));
        forgetEnded(worker);
        tellInputs(worker, stage, from, to, attempt);
    }

    /// Gives a task to the worker that another one runs already.
    ///
    /// @return the number of this attempt
    int assignSecond(WorkerRecord worker, StageState stage, int p) {
        open(worker, stage);
        locate(worker, stage);
        int attempt = nextAttempt(stage, p);
        stage.ranTwice(p, attempt);
        worker.began(stage, 1);
        tellInputs(worker, stage, p, p + 1, attempt);
        return attempt;
    }

    /// Of two attempts at a task the one at this worker counts from now on.
    void takeSecond(WorkerRecord worker, StageState stage, int p, int attempt, long nanos) {
        stage.tasks.assign(p, worker.id, attempt, nanos);
        worker.assigned.add(new AssignedRun(stage, p, p + 1, attempt));
    }

    private void locate(WorkerRecord worker, StageState stage) {
        if (stage.readsAll() && !stage.located(worker.id)) {
            board.tell(
                    worker.id,
                    new SchedulerMessage.InputsLocated(stage.id(), inputsOfEveryTask(stage)));
            stage.setLocated(worker.id);
        }
    }

    private void open(WorkerRecord worker, StageState stage) {
        if (stage.openedOn.get(worker.id)) {
            return;
        }
        stage.openedOn.set(worker.id);
        board.tell(worker.id, new SchedulerMessage.StageOpened(stage.stage));
    }

    /// The worker is to keep what it will read of the stage.
    private void openIfBroadcast(WorkerRecord worker, StageState input) {
        if (input.stage.broadcast()) {
            open(worker, input);
        }
    }

    private void tellInputs(WorkerRecord worker, StageState stage, int from, int to, int attempt) {
        List<InputRun> inputs = List.of();
        List<Integer> edgeCounts = List.of();
        if (Wiring.readsByName(stage, from, to)) {
            inputs = new ArrayList<>();
            edgeCounts = new ArrayList<>(0);
            for (int i = 0; i < stage.inputs.size(); i++) {
                StageState.Link link = stage.inputs.get(i);
                if (!link.readsAll()) {
                    openIfBroadcast(worker, link.input());
                    int first = StageState.firstInput(link.dependency(), from);
                    int inputCount = link.input().tasks.size();
                    int last = StageState.lastInput(link.dependency(), to - 1, inputCount);
                    addRuns(inputs, link.index(), link.input(), first, last + 1);
                }
            }
            listEdges(worker, stage, from, to, inputs, edgeCounts);
        }
        board.tell(
                worker.id,
                new SchedulerMessage.TasksAssigned(
                        stage.id(), from, to, attempt, inputs, edgeCounts));
    }

    /// What every task of the stage reads, the same list for all workers until it changes.
    private static List<InputRun> inputsOfEveryTask(StageState stage) {
        if (stage.inputsOfEveryTaskVersion == stage.inputsVersion) {
            return stage.inputsOfEveryTask;
        }
        var runs = new ArrayList<InputRun>();
        for (StageState.Link link : stage.inputs) {
            if (link.readsAll()) {
                addRuns(runs, link.index(), link.input(), 0, link.input().tasks.size());
            }
        }
        stage.inputsOfEveryTask = List.copyOf(runs);
        stage.inputsOfEveryTaskVersion = stage.inputsVersion;
        return stage.inputsOfEveryTask;
    }

    private static void addRuns(
            List<InputRun> runs, int dependency, StageState input, int from, int to) {
        TaskTable tasks = input.tasks;
        int p = from;
        while (p < to) {
            int first = p++;
            if (tasks.phase(first) == Phase.DROPPED) {
                continue;
            }
            int attempt = tasks.attempt(first);
            int worker = tasks.worker(first);
            while (p < to
                    && tasks.worker(p) == worker
                    && tasks.attempt(p) == attempt
                    && tasks.phase(p) == Phase.IN_MEMORY) {
                p++;
            }
            runs.add(new InputRun(dependency, input.id(), first, p, attempt, worker));
        }
    }

    private void listEdges(
            WorkerRecord worker,
            StageState stage,
            int from,
            int to,
            List<InputRun> inputs,
            List<Integer> counts) {
        EdgeTable edges = stage.edges;
        if (edges == null || !edges.any(from, to)) {
            return;
        }
        for (int p = from; p < to; p++) {
            int before = inputs.size();
            int end = edges.end(p);
            for (int e = edges.begin(p); e < end; e++) {
                int q = TaskKey.partitionOf(edges.target(e));
                StageState input = board.stages.get(TaskKey.stageOf(edges.target(e)));
                if (input != null) {
                    openIfBroadcast(worker, input);
                    addRuns(inputs, stage.edgesIndex, input, q, q + 1);
                }
            }
            counts.add(inputs.size() - before);
        }
    }

    /// Drops from the worker's list of runs those at its front that have ended.
    private static void forgetEnded(WorkerRecord worker) {
        for (AssignedRun first = worker.assigned.peekFirst();
                first != null && !atWorker(worker, first);
                first = worker.assigned.peekFirst()) {
            worker.assigned.removeFirst();
        }
    }

    /// Moves the front of the run to its first task that hasn't ended.
    private static boolean atWorker(WorkerRecord worker, AssignedRun run) {
        while (run.from < run.to && !run.isAt(worker, run.from)) {
            run.from++;
        }
        return run.from < run.to;
    }

    /// The run that the worker was assigned last, and that it has neither ended nor was asked to
    /// give back; null when there is none.
    @Nullable AssignedRun lastWaiting(WorkerRecord worker) {
        var runs = worker.assigned.descendingIterator();
        while (runs.hasNext()) {
            AssignedRun run = runs.next();
            if (atWorker(worker, run) && run.from < run.asked) {
                return run;
            }
        }
        return null;
    }

    interface TaskVisitor {
        void visit(WorkerRecord worker, StageState stage, int partition);
    }

    /// Visits what the worker was assigned and hasn't ended.
    void forEachAssigned(WorkerRecord worker, TaskVisitor visitor) {
        for (AssignedRun run : worker.assigned) {
            if (atWorker(worker, run)) {
                for (int p = run.from; p < run.to; p++) {
                    if (run.isAt(worker, p)) {
                        visitor.visit(worker, run.stage, p);
                    }
                }
            }
        }
    }

    /// Asks `holder` to give the last tasks of a run back, for `idle`.
    void steal(WorkerRecord holder, WorkerRecord idle, AssignedRun run, int count) {
        board.workers.asked(holder, idle);
        board.tell(
                holder.id,
                new SchedulerMessage.TasksStolen(
                        run.stage.id(), run.asked - count, run.asked, run.attempt));
        run.asked -= count;
    }

    /// Asks the worker to give back all that it hasn't started.
    void takeBack(WorkerRecord leaving) {
        for (AssignedRun run : leaving.assigned) {
            if (atWorker(leaving, run) && run.from < run.asked) {
                board.tell(
                        leaving.id,
                        new SchedulerMessage.TasksStolen(
                                run.stage.id(), run.from, run.asked, run.attempt));
                run.asked = run.from;
            }
        }
    }
}
