package dev.quiver.scheduler.state;

/// Consecutive tasks of a stage, from `from` up to, not including, `to`, that wait in a queue or
/// are at a worker.
final class Run {
    final StageState stage;
    final int attempt;
    int from;
    int to;

    Run(StageState stage, int from, int to, int attempt) {
        this.stage = stage;
        this.from = from;
        this.to = to;
        this.attempt = attempt;
    }

    /// What goes first: the smaller priority; among equals the later stage, since it reads what
    /// earlier ones hold in memory; within a stage the first partition.
    boolean before(Run other) {
        long mine = stage.stage.priority();
        long others = other.stage.stage.priority();
        if (mine != others) {
            return mine < others;
        }
        if (stage != other.stage) {
            return stage.id() > other.stage.id();
        }
        return from < other.from;
    }
}
