package dev.quiver.scheduler.state;

import dev.quiver.graph.TaskKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Answers who has what: tasks, outputs and what they are read by. Each answer looks at so many
/// tasks at most.
final class Inventory {
    private final Board board;
    private final Wiring wiring;

    Inventory(Board board, Wiring wiring) {
        this.board = board;
        this.wiring = wiring;
    }

    List<WorkerStatus> workers() {
        boolean mayFallSilent = board.settings.leaseNanos() != SchedulerSettings.NO_LEASE;
        var statuses = new ArrayList<WorkerStatus>();
        for (WorkerRecord worker : board.workers.all()) {
            statuses.add(
                    new WorkerStatus(
                            worker.id,
                            worker.attempts(),
                            worker.yieldedCount(),
                            mayFallSilent ? board.now - worker.heardNanos : -1,
                            worker.retiring));
        }
        return statuses;
    }

    List<AssignedTask> assigned(int id, int max) {
        WorkerRecord worker = board.worker(id);
        if (worker == null) {
            return List.of();
        }
        var found = new ArrayList<AssignedTask>();
        int looked = 0;
        for (AssignedRun run : worker.assigned) {
            if (run.stage.forgotten) {
                continue;
            }
            for (int p = run.from; p < run.to; p++) {
                if (found.size() == max || looked++ == SchedulerState.LOOKED_AT_MAX) {
                    return found;
                }
                if (run.isAt(worker, p)) {
                    found.add(assigned(run, p));
                }
            }
        }
        return found;
    }

    private AssignedTask assigned(AssignedRun run, int p) {
        TaskTable tasks = run.stage.tasks;
        return new AssignedTask(
                run.stage.id(),
                run.stage.stage.name(),
                p,
                run.attempt,
                board.now - tasks.assignedNanos(p),
                tasks.flag(p, TaskPage.STARTED));
    }

    /// What of a stage each worker holds.
    private static final class Sum {
        int outputs;
        long bytes;
    }

    HeldOutputs.Part held(TaskKey from) {
        var found = new ArrayList<HeldOutputs>();
        int looked = 0;
        int p = from.partition();
        for (StageState stage = board.stages.next(from.stage());
                stage != null;
                stage = board.stages.next(stage.id() + 1)) {
            if (stage.id() != from.stage()) {
                p = 0;
            }
            if (looked++ >= SchedulerState.LOOKED_AT_MAX) {
                return new HeldOutputs.Part(found, Optional.of(new TaskKey(stage.id(), p)));
            }
            var sums = new TreeMap<Integer, Sum>();
            TaskTable tasks = stage.tasks;
            int end = tasks.count(Phase.IN_MEMORY) == 0 ? 0 : tasks.size();
            for (p = tasks.nextThere(p); p < end; p = tasks.nextThere(p + 1)) {
                if (looked++ >= SchedulerState.LOOKED_AT_MAX) {
                    add(found, stage, sums);
                    return new HeldOutputs.Part(found, Optional.of(new TaskKey(stage.id(), p)));
                }
                if (tasks.phase(p) == Phase.IN_MEMORY) {
                    Sum sum = sums.computeIfAbsent(tasks.worker(p), _ -> new Sum());
                    sum.outputs++;
                    sum.bytes += tasks.bytes(p);
                }
            }
            add(found, stage, sums);
        }
        return new HeldOutputs.Part(found, Optional.empty());
    }

    private static void add(List<HeldOutputs> found, StageState stage, Map<Integer, Sum> sums) {
        PublishedJob publication = stage.job.publication;
        sums.forEach((worker, sum) ->
                found.add(
                        new HeldOutputs(
                                stage.id(),
                                stage.stage.name(),
                                stage.job.id,
                                stage.job.client,
                                publication == null ? "" : publication.name(),
                                worker,
                                sum.outputs,
                                sum.bytes)));
    }

    List<TaskInput> inputs(TaskKey task, int max) {
        @Nullable StageState stage = board.stages.get(task.stage());
        int p = task.partition();
        if (stage == null || p >= stage.tasks.size() || stage.tasks.isCollapsed(p)) {
            return List.of();
        }
        var found = new ArrayList<TaskInput>();
        for (StageState.Link link : stage.inputs) {
            if (link.readsAll()) {
                found.add(all(link.input()));
            }
        }
        wiring.forEachInput(
                stage,
                p,
                (input, q) -> {
                    if (found.size() < max) {
                        found.add(one(input, q));
                    }
                });
        return found;
    }

    private static TaskInput all(StageState input) {
        TaskTable tasks = input.tasks;
        int there = tasks.count(Phase.IN_MEMORY) + tasks.count(Phase.DROPPED);
        return new TaskInput(
                input.id(),
                input.stage.name(),
                -1,
                tasks.size(),
                there,
                TaskPage.NOBODY,
                input.rows,
                input.bytes);
    }

    private static TaskInput one(StageState input, int q) {
        TaskTable tasks = input.tasks;
        Phase phase = tasks.phase(q);
        boolean held = phase == Phase.IN_MEMORY;
        return new TaskInput(
                input.id(),
                input.stage.name(),
                q,
                1,
                phase.available() ? 1 : 0,
                held ? tasks.worker(q) : TaskPage.NOBODY,
                held ? tasks.rows(q) : 0,
                held ? tasks.bytes(q) : 0);
    }
}
