package dev.quiver.scheduler.state;

/// What there is for workers to do.
///
/// @param tasks that run or could, and need a slot
/// @param nanos how long all of these take one after the other, as far as that is known
/// @param outputs that workers hold
public record Workload(long tasks, long nanos, long outputs) {
    /// There is nothing to do.
    public static final Workload NONE = new Workload(0, 0, 0);

    /// Assumed of tasks of a stage of which none has finished.
    private static final long TASK_NANOS_GUESS = 500_000_000;

    /// Adds up what stages have.
    private static final class Sum {
        private long tasks;
        private double nanos;
        private long outputs;

        void add(StageState stage, long now) {
            int count = stage.tasks.count(Phase.READY) + stage.tasks.count(Phase.ASSIGNED);
            tasks += count;
            nanos += (double) count * expectedNanos(stage, now);
            outputs += stage.tasks.count(Phase.IN_MEMORY);
        }
    }

    static Workload of(Board board) {
        var sum = new Sum();
        board.stages.forEach(stage -> sum.add(stage, board.now));
        for (WorkerRecord worker : board.workers.all()) {
            sum.tasks -= worker.yieldedCount(); // they wait for other tasks
        }
        return new Workload(Math.max(0, sum.tasks), (long) sum.nanos, sum.outputs);
    }

    /// How long a task of the stage takes: as those before, but not less than none has finished
    /// while some could.
    private static long expectedNanos(StageState stage, long now) {
        long known = stage.taskNanos() == 0 ? TASK_NANOS_GUESS : stage.taskNanos();
        return stage.outstanding == 0 ? known : Math.max(known, now - stage.progressNanos);
    }
}
