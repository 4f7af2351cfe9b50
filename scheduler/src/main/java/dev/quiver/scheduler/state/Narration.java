package dev.quiver.scheduler.state;

import dev.quiver.graph.TaskKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Answers questions about stages and tasks in numbers and in words.
final class Narration {
    private final Board board;
    private final Wiring wiring;
    private final Speculation speculation;

    Narration(Board board, Wiring wiring, Speculation speculation) {
        this.speculation = speculation;
        this.board = board;
        this.wiring = wiring;
    }

    Optional<StageStatus> status(int id) {
        StageState stage = board.stages.get(id);
        if (stage == null) {
            return Optional.empty();
        }
        TaskTable tasks = stage.tasks;
        int dropped = tasks.count(Phase.DROPPED);
        int failed = tasks.count(Phase.FAILED);
        int ready = tasks.count(Phase.READY);
        int assigned = tasks.count(Phase.ASSIGNED);
        int waiting = tasks.count(Phase.WAITING) + tasks.count(Phase.DELAYED);
        int finished = tasks.count(Phase.IN_MEMORY);
        int idle = tasks.count(Phase.IDLE);
        int released = Math.clamp(stage.doneCount - finished - dropped, 0, idle);
        return Optional.of(
                new StageStatus(
                        id,
                        stage.stage.name(),
                        tasks.size(),
                        waiting + idle - released,
                        ready,
                        assigned,
                        finished + released,
                        dropped,
                        failed,
                        stage.rows,
                        stage.bytes,
                        stage.nanos));
    }

    Optional<OutputStatus> output(TaskKey task) {
        StageState stage = find(task);
        int p = task.partition();
        if (stage == null || stage.tasks.phase(p) != Phase.IN_MEMORY) {
            return Optional.empty();
        }
        TaskTable tasks = stage.tasks;
        return Optional.of(
                new OutputStatus(
                        tasks.attempt(p),
                        tasks.worker(p),
                        board.replicas.at(stage, p),
                        tasks.rows(p),
                        tasks.bytes(p)));
    }

    private @Nullable StageState find(TaskKey task) {
        StageState stage = board.stages.get(task.stage());
        return stage == null || task.partition() >= stage.tasks.size() ? null : stage;
    }

    List<String> story(TaskKey task) {
        StageState stage = find(task);
        if (stage == null) {
            return List.of("task %s isn't known; it was forgotten or never there".formatted(task));
        }
        int p = task.partition();
        TaskTable tasks = stage.tasks;
        long origin = stage.story.submittedNanos(p);
        var lines = new ArrayList<String>();
        lines.add(
                Story.at(
                        origin,
                        origin,
                        "submitted as task %d of '%s'".formatted(p, stage.stage.name())));
        stage.story.collect(p, origin, lines);
        if (tasks.isCollapsed(p)) {
            lines.add("finished and released");
            return List.copyOf(lines);
        }
        Phase phase = tasks.phase(p);
        if (tasks.attempt(p) > 0 && phase != Phase.FAILED) {
            String worker = phase == Phase.IDLE ? "" : " given to worker " + tasks.worker(p);
            String text = "attempt %d%s".formatted(tasks.attempt(p), worker);
            lines.add(Story.at(tasks.assignedNanos(p), origin, text));
        }
        boolean finished = tasks.flag(p, TaskPage.FINISHED_ONCE);
        if (phase == Phase.IN_MEMORY || (phase == Phase.IDLE && finished)) {
            String text = "finished: %,d rows, %,d bytes".formatted(tasks.rows(p), tasks.bytes(p));
            lines.add(Story.at(tasks.finishedNanos(p), origin, text));
        }
        lines.add("now: " + why(task));
        return List.copyOf(lines);
    }

    String why(TaskKey task) {
        StageState stage = find(task);
        if (stage == null) {
            return "not known: it was forgotten or never there";
        }
        int p = task.partition();
        return switch (stage.tasks.phase(p)) {
            case IDLE ->
                    stage.tasks.flag(p, TaskPage.COUNTED)
                            ? "released: nobody needs its output any more"
                            : "not needed by anybody";
            case WAITING -> "waits for " + firstMissing(stage, p);
            case DELAYED -> "waits for its next attempt after a failure";
            case READY ->
                    board.workers.size() == 0
                            ? "ready, but there is no worker"
                            : "ready, waits for a free worker";
            case ASSIGNED ->
                    "given to worker %d %s ms ago%s"
                            .formatted(
                                    stage.tasks.worker(p),
                                    (board.now - stage.tasks.assignedNanos(p)) / 1_000_000,
                                    besides(stage, p));
            case IN_MEMORY -> "finished; its output is on worker " + stage.tasks.worker(p);
            case DROPPED -> "dropped: enough was known without it";
            case FAILED -> "failed: " + reason(stage, p);
        };
    }

    private String besides(StageState stage, int p) {
        WorkerRecord second = speculation.secondWorker(stage, p);
        return second == null ? "" : ", and since it takes long to worker " + second.id;
    }

    private static String reason(StageState stage, int p) {
        TaskFailure failure = stage.tasks.failure(p);
        return failure == null ? "" : failure.failure().message();
    }

    private String firstMissing(StageState stage, int p) {
        var missing = new ArrayList<String>();
        wiring.forEachInput(
                stage,
                p,
                (input, q) -> {
                    if (missing.isEmpty() && !input.tasks.phase(q).available()) {
                        missing.add(
                                "task %d of '%s', which is %s"
                                        .formatted(q, input.stage.name(), word(input, q)));
                    }
                });
        for (StageState.Link link : stage.inputs) {
            TaskTable tasks = link.input().tasks;
            int left = tasks.size() - tasks.count(Phase.IN_MEMORY) - tasks.count(Phase.DROPPED);
            if (link.readsAll() && left > 0) {
                missing.add("%d tasks of '%s'".formatted(left, link.input().stage.name()));
            }
        }
        return String.join(" and ", missing);
    }

    private static String word(StageState stage, int p) {
        return switch (stage.tasks.phase(p)) {
            case IDLE -> "not scheduled";
            case WAITING -> "waiting itself";
            case DELAYED -> "between two attempts";
            case READY -> "ready";
            case ASSIGNED -> "on worker " + stage.tasks.worker(p);
            case IN_MEMORY, DROPPED -> "there";
            case FAILED -> "failed";
        };
    }
}
