package dev.quiver.scheduler.state;

import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.AttemptNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Runs stragglers a second time, for clients that want it: when most tasks of a stage have
/// finished and one has been at a worker for much longer than they took, a worker that has nothing
/// to do is given it, too. The first of the two attempts to end with an output counts, the other is
/// cancelled; when the worker of the first is lost, the second takes its place.
///
/// Only tasks that give the same output each time are run twice, each attempt at them at most once.
/// Until the second attempt counts it is known here alone: what the table says is about the first.
/// It ends with the first one's: what fails, isn't needed any more or is given back is so with
/// both.
///
/// As backup tasks in Dean, Ghemawat: "MapReduce", OSDI 2004, by the thresholds of Spark's
/// speculation.
final class Speculation {
    /// A stage is looked at once this part of its tasks has finished.
    private static final int FINISHED_PERCENT_MIN = 75;

    /// And at least so many of them: fewer say little about what is usual.
    private static final int FINISHED_MIN = 3;

    /// A straggler takes so many times what half of the others took.
    private static final int MEDIANS_MIN = 3;

    /// So often it is looked for stragglers while the shortest time of one passes.
    private static final int LOOKS = 4;

    /// A second attempt at a task.
    private static final class Second {
        final StageState stage;
        final int partition;
        final int attempt;
        final int worker;
        final long nanos;

        /// The attempt that it runs beside.
        final int first;

        boolean started;

        Second(StageState stage, int partition, int attempt, int worker, long nanos) {
            this.stage = stage;
            this.partition = partition;
            this.attempt = attempt;
            this.worker = worker;
            this.nanos = nanos;
            this.first = stage.tasks.attempt(partition);
        }

        /// The attempt that it runs beside is still waited for.
        boolean isOpen() {
            return !stage.forgotten
                    && stage.tasks.phase(partition) == Phase.ASSIGNED
                    && stage.tasks.attempt(partition) == first;
        }

        void tell(long nanos, String text) {
            stage.story.tell(nanos, partition, partition + 1, text);
        }
    }

    private final Board board;
    private final Placement placement;

    /// By task.
    private final TreeMap<Long, Second> seconds = new TreeMap<>();

    private long lookNanos;
    private int begun;

    Speculation(Board board, Placement placement) {
        this.board = board;
        this.placement = placement;
    }

    /// How many tasks were given to a second worker, in all.
    int begun() {
        return begun;
    }

    /// The worker that runs the task beside the one that the table names.
    @Nullable WorkerRecord secondWorker(StageState stage, int p) {
        Second second = seconds.get(TaskKey.pack(stage.id(), p));
        return second == null ? null : board.worker(second.worker);
    }

    /// The attempt that is waited for has ended with an output.
    void finishes(StageState stage, int p) {
        if (stage.job.share.speculates) {
            stage.durations.add(board.now - stage.tasks.assignedNanos(p));
        }
    }

    private @Nullable Second find(WorkerRecord worker, StageState stage, int p, int attempt) {
        Second second = seconds.get(TaskKey.pack(stage.id(), p));
        return second != null && second.attempt == attempt && second.worker == worker.id
                ? second
                : null;
    }

    void started(WorkerRecord worker, StageState stage, int p, int attempt) {
        Second second = find(worker, stage, p, attempt);
        if (second != null) {
            second.started = true;
        }
    }

    /// An attempt has ended with an output that isn't the one that is waited for. Answers whether
    /// it is from now on, since it is a second one and the first hasn't ended.
    boolean wins(WorkerRecord worker, StageState stage, int p, int attempt) {
        Second second = find(worker, stage, p, attempt);
        if (second == null || !second.isOpen()) {
            return false;
        }
        TaskTable tasks = stage.tasks;
        second.tell(
                board.now,
                "attempt %d on worker %d ends first: attempt %d on worker %d is cancelled"
                        .formatted(attempt, worker.id, second.first, tasks.worker(p)));
        board.cancel(tasks.worker(p), stage, p, second.first);
        takesOver(second, worker);
        return true;
    }

    /// The first attempt has gone with its worker. Answers whether the second stands in for it.
    boolean standsIn(StageState stage, int p) {
        Second second = seconds.get(TaskKey.pack(stage.id(), p));
        if (second == null || !second.isOpen()) {
            return false;
        }
        WorkerRecord worker = board.worker(second.worker);
        if (worker == null) {
            return false;
        }
        second.tell(
                board.now,
                "attempt %d on worker %d goes on alone".formatted(second.attempt, worker.id));
        takesOver(second, worker);
        return true;
    }

    private void takesOver(Second second, WorkerRecord worker) {
        StageState stage = second.stage;
        int p = second.partition;
        seconds.remove(TaskKey.pack(stage.id(), p));
        placement.takeSecond(worker, stage, p, second.attempt, second.nanos);
        if (second.started) {
            stage.tasks.setFlag(p, TaskPage.STARTED);
        }
    }

    /// An attempt that isn't waited for has ended without an output.
    void fell(WorkerRecord worker, StageState stage, int p, int attempt, String how) {
        Second second = find(worker, stage, p, attempt);
        if (second != null) {
            seconds.remove(TaskKey.pack(stage.id(), p));
            second.tell(
                    board.now,
                    "attempt %d on worker %d %s: only attempt %d goes on"
                            .formatted(attempt, worker.id, how, second.first));
        }
    }

    /// What the worker ran beside others has gone: with it, or with its session.
    ///
    /// @return the tasks that it had said to run
    List<TaskKey> lost(WorkerRecord worker) {
        if (seconds.isEmpty()) {
            return List.of();
        }
        var ran = new ArrayList<TaskKey>();
        for (Second second : List.copyOf(seconds.values())) {
            if (second.worker == worker.id) {
                fell(worker, second.stage, second.partition, second.attempt, "was lost");
                if (second.started && second.isOpen()) {
                    ran.add(new TaskKey(second.stage.id(), second.partition));
                }
            }
        }
        return ran;
    }

    /// Cancels second attempts beside which no first one is waited for any more.
    void settle() {
        if (seconds.isEmpty()) {
            return;
        }
        seconds.values()
                .removeIf(second -> {
                    if (second.isOpen()) {
                        return false;
                    }
                    second.tell(
                            board.now,
                            "attempt %d isn't needed any more".formatted(second.attempt));
                    board.cancel(second.worker, second.stage, second.partition, second.attempt);
                    return true;
                });
    }

    /// Gives stragglers to workers that have nothing to do, if it is time to look for them.
    void look() {
        if (board.now < lookNanos) {
            return;
        }
        lookNanos = board.now + Math.max(1, board.settings.stragglerNanosMin() / LOOKS);
        if (!board.shares.speculationMayBeDue() || !placement.nothingWaits()) {
            return;
        }
        for (WorkerRecord worker : board.workers.all()) {
            placement.forEachAssigned(worker, this::giveIfStraggler);
        }
    }

    private void giveIfStraggler(WorkerRecord first, StageState stage, int p) {
        if (!isStraggler(stage, p)) {
            return;
        }
        WorkerRecord second = placement.idleBeside(first, stage);
        if (second == null || !placement.hasInputs(stage, p)) {
            return;
        }
        int attempt = placement.giveSecond(second, stage, p);
        var given = new Second(stage, p, attempt, second.id, board.now);
        seconds.put(TaskKey.pack(stage.id(), p), given);
        begun++;
        given.tell(
                board.now,
                ("attempt %d was given to worker %d %,d ms ago, which is long beside the %,d ms of"
                                + " others: attempt %d given to worker %d, too")
                        .formatted(
                                given.first,
                                first.id,
                                (board.now - stage.tasks.assignedNanos(p)) / 1_000_000,
                                stage.durations.median() / 1_000_000,
                                attempt,
                                second.id));
    }

    private boolean isStraggler(StageState stage, int p) {
        if (!stage.job.share.speculates || stage.varies() || !isMostlyDone(stage)) {
            return false;
        }
        long usual = stage.durations.median();
        long least = Math.max(board.settings.stragglerNanosMin(), MEDIANS_MIN * usual);
        int last = stage.lastAttempt(p);
        return board.now - stage.tasks.assignedNanos(p) >= least
                && last == stage.tasks.attempt(p)
                && !AttemptNumber.isLast(last);
    }

    private static boolean isMostlyDone(StageState stage) {
        return stage.durations.count() >= FINISHED_MIN
                && stage.doneCount * 100L >= (long) stage.tasks.size() * FINISHED_PERCENT_MIN;
    }

    /// When [#look] has something to do next, at the earliest.
    long wakeNanos() {
        return !board.recovering && board.shares.speculationMayBeDue() ? lookNanos : Long.MAX_VALUE;
    }

    /// @throws IllegalStateException when what must always hold doesn't
    void checkInvariants() {
        for (Second second : seconds.values()) {
            int p = second.partition;
            boolean holds =
                    second.isOpen()
                            && second.attempt > second.first
                            && second.attempt <= second.stage.lastAttempt(p)
                            && second.worker != second.stage.tasks.worker(p)
                            && board.worker(second.worker) != null;
            if (!holds) {
                throw new IllegalStateException(
                        "%s task %d: attempt %d on worker %d beside attempt %d, %s, on worker %d"
                                .formatted(
                                        second.stage,
                                        p,
                                        second.attempt,
                                        second.worker,
                                        second.first,
                                        second.stage.tasks.phase(p),
                                        second.stage.tasks.worker(p)));
            }
        }
    }
}
