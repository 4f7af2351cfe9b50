package dev.quiver.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Edges;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.operator.Closures;
import dev.quiver.operator.Program;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.scheduler.state.SchedulerEvent;
import dev.quiver.scheduler.state.SchedulerSettings;
import dev.quiver.scheduler.state.SchedulerState;
import java.util.List;
import org.junit.jupiter.api.Test;

class FootprintTest {
    private static final Program PROGRAM = new Closures(p -> inputs -> List.of());
    private static final int TASKS = 1_000_000;
    private static final long BYTES_A_TASK_MAX = 64;

    @Test
    void a_million_tasks_take_at_most_64_bytes_each_until_their_job_is_released() {
        var state = new SchedulerState(SchedulerSettings.LOCAL);
        long before = usedBytes();

        say(state, new ClientMessage.GraphSubmitted(1, graph(), false));
        long bytes = usedBytes() - before;
        say(state, new ClientMessage.JobReleased(1));
        long left = usedBytes() - before;

        assertThat(bytes / TASKS).isLessThanOrEqualTo(BYTES_A_TASK_MAX);
        assertThat(left / TASKS).isLessThanOrEqualTo(1);
        assertEquals(0, state.stageCount());
    }

    @Test
    void tasks_that_were_released_take_next_to_nothing() {
        var cluster = new Loopback(SchedulerSettings.LOCAL, 1, 2, Loopback::empty, n -> {});
        Stage closures = Stage.builder(1, "closures", PROGRAM).growing(0).wanted().build();
        cluster.say(new ClientMessage.GraphSubmitted(1, TaskGraph.of(closures), false));
        long before = usedBytes();

        for (int i = 0; i < TASKS; i += 1000) {
            cluster.say(new ClientMessage.TasksAppended(1, 1000, Edges.NONE));
            cluster.run();
            cluster.say(new ClientMessage.TasksReleased(1, i, i + 1000));
            cluster.run();
        }
        long left = usedBytes() - before;

        assertThat(left / TASKS).isLessThanOrEqualTo(8);
        assertEquals(TASKS, cluster.scheduler().status(1).orElseThrow().finished());
    }

    private static TaskGraph graph() {
        return TaskGraph.of(
                Stage.builder(1, "scan", PROGRAM).partitions(TASKS / 2).build(),
                Stage.builder(2, "filter", PROGRAM)
                        .partitions(TASKS / 2)
                        .input(new Dependency.Narrow(1))
                        .wanted()
                        .build());
    }

    private static void say(SchedulerState state, ClientMessage message) {
        state.on(new SchedulerEvent.ClientSaid(message), command -> {});
    }

    private static long usedBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
