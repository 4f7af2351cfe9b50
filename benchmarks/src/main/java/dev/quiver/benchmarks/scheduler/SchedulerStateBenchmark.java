package dev.quiver.benchmarks.scheduler;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Edges;
import dev.quiver.graph.Purity;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.operator.Closures;
import dev.quiver.operator.Program;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.scheduler.state.SchedulerSettings;
import dev.quiver.simulation.Loopback;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Scheduler and worker state machines together, from submission until everything is released; the
/// tasks themselves do nothing. Divide the result by `tasks`: the time a task must not depend on
/// how many there are.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 4, time = 3)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx4g", "-XX:+UseParallelGC"})
public class SchedulerStateBenchmark {
    private static final Program PROGRAM = new Closures(p -> inputs -> List.of());
    private static final int BATCH = 100;

    @Param({"10000", "1000000", "10000000"})
    public int tasks;

    @Param({"1", "4"})
    public int workers;

    private int finished;

    private Loopback cluster() {
        finished = 0;
        return new Loopback(
                SchedulerSettings.LOCAL,
                workers,
                2,
                Loopback::empty,
                notice -> {
                    if (notice instanceof ClientNotice.TaskFinished) {
                        finished++;
                    }
                });
    }

    /// Half of the tasks scan, half read one scanned partition each, and a few merge.
    @Benchmark
    public int stages() {
        Loopback cluster = cluster();
        int half = tasks / 2;
        cluster.say(
                new ClientMessage.GraphSubmitted(
                        1,
                        TaskGraph.of(
                                stage(1, half).build(),
                                stage(2, half).input(new Dependency.Narrow(1)).build(),
                                stage(3, Math.ceilDiv(half, 64))
                                        .input(new Dependency.FanIn(2, 64))
                                        .build(),
                                stage(4, 4).input(new Dependency.Shuffle(3, 4)).wanted().build()),
                        true));
        return end(cluster, 4);
    }

    /// Submitted one by one, in batches as they gather when a client is faster than the scheduler.
    @Benchmark
    public int closures() {
        Loopback cluster = cluster();
        cluster.say(new ClientMessage.GraphSubmitted(1, TaskGraph.of(growing(1)), false));
        for (int i = 0; i < tasks; i += BATCH) {
            cluster.say(new ClientMessage.TasksAppended(1, BATCH, Edges.NONE));
            if (i % 10_000 == 0) {
                cluster.run();
            }
        }
        return end(cluster, tasks);
    }

    private static Stage growing(int id) {
        return Stage.builder(id, "closures", PROGRAM)
                .growing(0)
                .wanted()
                .purity(Purity.IMPURE)
                .build();
    }

    private static Stage.Builder stage(int id, int partitions) {
        return Stage.builder(id, "stage" + id, PROGRAM).partitions(partitions);
    }

    private int end(Loopback cluster, int expected) {
        cluster.run();
        cluster.say(new ClientMessage.JobReleased(1));
        cluster.run();
        if (finished != expected || cluster.scheduler().stageCount() > 0) {
            throw new IllegalStateException("%d of %d finished".formatted(finished, expected));
        }
        return finished;
    }
}
