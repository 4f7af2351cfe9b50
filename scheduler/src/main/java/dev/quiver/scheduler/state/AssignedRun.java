package dev.quiver.scheduler.state;

/// Consecutive tasks of a stage, from `from` up to, not including, `to`, that a worker was assigned
/// together.
final class AssignedRun {
    final StageState stage;
    final int attempt;
    int from;
    final int to;

    /// From here on the tasks were asked back once. Those that are at the worker all the same had
    /// been started.
    int asked;

    AssignedRun(StageState stage, int from, int to, int attempt) {
        this.stage = stage;
        this.from = from;
        this.to = to;
        this.attempt = attempt;
        this.asked = to;
    }

    /// Whether the attempt at `p` that was assigned is the one that counts, and hasn't ended.
    boolean isAt(WorkerRecord worker, int p) {
        TaskTable tasks = stage.tasks;
        return !stage.forgotten
                && tasks.phase(p) == Phase.ASSIGNED
                && tasks.worker(p) == worker.id
                && tasks.attempt(p) == attempt;
    }
}
