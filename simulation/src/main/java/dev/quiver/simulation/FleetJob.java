package dev.quiver.simulation;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Edges;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.operator.Closures;
import dev.quiver.operator.Program;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.scheduler.state.SchedulerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// A job over a [Fleet], from its submission until it is released: what it costs the scheduler.
///
/// @param kind of the graph
/// @param tasks about how many there are
/// @param workers how many, with two slots each
/// @param losses how many of them go while the job runs, each replaced by another
/// @param taskNanos how long a task takes on average
public record FleetJob(Kind kind, int tasks, int workers, int losses, long taskNanos) {
    /// What the graph is like.
    public enum Kind {
        /// Tasks that read nothing and of which the client wants the outputs.
        MAP,
        /// Each task reads four of the stage before, down to one.
        TREE,
        /// Submitted one by one: each task lists two that came some time before it.
        LISTED,
        /// Shuffles of at most 100,000 partitions each, one after the other.
        SHUFFLE
    }

    /// What a run has shown.
    ///
    /// @param tasks how many there were
    /// @param executions how many attempts ended with an output
    /// @param schedulerNanos how long the scheduler took, by the clock
    /// @param wallNanos how long all took, by the clock
    /// @param madeUpNanos how long it took in made-up time
    /// @param bytesATaskMax the most that was in use, beside what was before the first submission,
    ///   for each task that was there
    public record Result(
            long tasks,
            long executions,
            long schedulerNanos,
            long wallNanos,
            long madeUpNanos,
            double bytesATaskMax) {}

    /// Answers how many bytes are in use.
    public interface Gauge {
        /// Nothing is measured.
        Gauge NONE = () -> 0;

        long usedBytes();
    }

    /// Of each worker.
    public static final int SLOTS = 2;

    private static final Program PROGRAM = new Closures(p -> inputs -> List.of());
    private static final int WIDTH = 4;
    private static final int LISTED_BATCH = 10_000;
    private static final int SHUFFLE_MAX = 100_000;
    private static final long OUTPUT_BYTES = 1_000;
    private static final long LEASE_NANOS = 1_000_000_000_000_000L;
    private static final long GRACE_NANOS = 10_000_000_000L;

    /// Runs it, with settings such as a cluster's.
    ///
    /// @param clock in nanoseconds
    /// @throws IllegalStateException when a task has no output in the end or something is left
    public Result run(LongSupplier clock, Gauge gauge) {
        var run = new Running(this, clock, gauge);
        run.submitAll();
        return run.result();
    }

    private static final class Running {
        private final FleetJob job;
        private final LongSupplier clock;
        private final Gauge gauge;
        private final Fleet fleet;
        private final long beganNanos;
        private final long beganSchedulerNanos;
        private final long beganBytes;
        private double bytesATaskMax;
        private long submitted;
        private int lost;
        private int nextStage = 1;
        private String failure = "none";

        Running(FleetJob job, LongSupplier clock, Gauge gauge) {
            this.job = job;
            this.clock = clock;
            this.gauge = gauge;
            this.fleet =
                    new Fleet(
                            SchedulerSettings.LOCAL.withLease(LEASE_NANOS).withGrace(GRACE_NANOS),
                            new Fleet.Shape(job.workers, SLOTS, job.taskNanos, OUTPUT_BYTES),
                            1,
                            clock,
                            this::hear);
            fleet.run();
            this.beganBytes = gauge.usedBytes();
            this.beganNanos = clock.getAsLong();
            this.beganSchedulerNanos = fleet.schedulerNanos();
        }

        private void hear(ClientNotice notice) {
            if (notice instanceof ClientNotice.TaskFailed
                    || notice instanceof ClientNotice.JobFailed
                    || notice instanceof ClientNotice.Refused) {
                failure = notice.toString();
            }
        }

        void submitAll() {
            switch (job.kind) {
                case MAP -> run(TaskGraph.of(stage(job.tasks).wanted().build()));
                case TREE -> run(tree());
                case LISTED -> runListed();
                case SHUFFLE -> {
                    for (int left = job.tasks / 2; left > 0; left -= SHUFFLE_MAX) {
                        run(shuffle(Math.min(left, SHUFFLE_MAX)));
                    }
                }
            }
        }

        private Stage.Builder stage(int partitions) {
            int id = nextStage++;
            return Stage.builder(id, "stage" + id, PROGRAM).partitions(partitions);
        }

        private TaskGraph tree() {
            var stages = new ArrayList<Stage>();
            int count = Math.max(1, job.tasks / WIDTH * (WIDTH - 1));
            stages.add(stage(count).build());
            while (count > 1) {
                count = Math.ceilDiv(count, WIDTH);
                Stage.Builder next =
                        stage(count).input(new Dependency.FanIn(stages.getLast().id(), WIDTH));
                stages.add(count == 1 ? next.wanted().build() : next.build());
            }
            return new TaskGraph(stages);
        }

        private TaskGraph shuffle(int partitions) {
            Stage maps = stage(partitions).build();
            return TaskGraph.of(
                    maps,
                    stage(partitions)
                            .input(new Dependency.Shuffle(maps.id(), partitions))
                            .wanted()
                            .build());
        }

        private void run(TaskGraph graph) {
            long number = graph.stages().getFirst().id();
            fleet.say(new ClientMessage.GraphSubmitted(number, graph, true));
            finish(number, graph.taskCount());
        }

        private void runListed() {
            int id = nextStage++;
            Stage stage = Stage.builder(id, "listed", PROGRAM).growing(0).wanted().build();
            fleet.say(new ClientMessage.GraphSubmitted(id, TaskGraph.of(stage), true));
            for (int first = 0; first < job.tasks; first += LISTED_BATCH) {
                int count = Math.min(LISTED_BATCH, job.tasks - first);
                Edges edges = edges(id, first, count);
                fleet.say(new ClientMessage.TasksAppended(id, count, edges));
            }
            finish(id, job.tasks);
        }

        private static Edges edges(int stage, int first, int count) {
            var edges = Edges.builder();
            for (int p = first; p < first + count; p++) {
                if (p >= LISTED_BATCH) {
                    edges.input(stage, p - LISTED_BATCH);
                    edges.input(stage, p - LISTED_BATCH / 2);
                }
                edges.endRow();
            }
            return edges.build();
        }

        private void finish(long number, long tasks) {
            submitted += tasks;
            weigh(tasks);
            fleet.runUntil(submitted - tasks / 2);
            weigh(tasks);
            while (lost < job.losses && fleet.runUntil(nextLoss())) {
                fleet.loseOne();
                fleet.join();
                lost++;
            }
            fleet.run();
            weigh(tasks);
            fleet.say(new ClientMessage.JobReleased(number));
            fleet.run();
            if (fleet.finished() < submitted) {
                throw new IllegalStateException(
                        "%d of %d tasks have finished; the last failure: %s"
                                .formatted(fleet.finished(), submitted, failure));
            }
            if (fleet.scheduler().stageCount() > 0) {
                throw new IllegalStateException("stages are left");
            }
        }

        /// After so many tasks, all of them in the second half.
        private long nextLoss() {
            return job.tasks / 2 + (lost + 1L) * (job.tasks / 2) / (job.losses + 1);
        }

        private void weigh(long tasks) {
            double bytes = (double) (gauge.usedBytes() - beganBytes) / tasks;
            bytesATaskMax = Math.max(bytesATaskMax, bytes);
        }

        Result result() {
            return new Result(
                    submitted,
                    fleet.finished(),
                    fleet.schedulerNanos() - beganSchedulerNanos,
                    clock.getAsLong() - beganNanos,
                    fleet.now(),
                    bytesATaskMax);
        }
    }
}
