package dev.quiver.scheduler.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.graph.Dependency;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.WorkerMessage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkloadTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Desk desk = Desk.local();

    @Test
    void there_is_nothing_to_do_before_anybody_has_submitted_something() {
        desk.join(0, 2);

        assertThat(desk.state.workload()).isEqualTo(Workload.NONE);
    }

    @Test
    void tasks_that_run_or_are_ready_count_and_those_that_wait_for_inputs_do_not() {
        desk.join(0, 2);

        desk.submit(
                Desk.stage(1).partitions(6).build(),
                Desk.wanted(2, 1, new Dependency.Broadcast(1)));

        assertThat(desk.state.workload().tasks()).isEqualTo(6);
        assertThat(desk.state.workload().outputs()).isZero();
    }

    @Test
    void tasks_take_as_long_as_those_before_them() {
        desk.join(0, 2);
        desk.submit(Desk.wanted(1, 6));

        desk.report(0, new WorkerMessage.Finished(1, 0, 1, 1, 1, 3 * SECOND));

        assertThat(desk.state.workload()).isEqualTo(new Workload(5, 15 * SECOND, 1));
    }

    @Test
    void tasks_of_which_none_has_finished_take_longer_the_longer_they_run() {
        desk.tick(SECOND);
        desk.join(0, 1);
        desk.submit(Desk.wanted(1, 3));

        desk.tick(20 * SECOND);

        assertThat(desk.state.workload()).isEqualTo(new Workload(3, 60 * SECOND, 0));
    }

    @Test
    void tasks_that_wait_for_tasks_of_their_own_need_no_slot() {
        desk.join(0, 1);
        desk.submit(Desk.wanted(1, 1));

        desk.report(0, new WorkerMessage.Started(1, 0, 1, 1), new WorkerMessage.Yielded(1, 0, 1));

        assertThat(desk.state.workload().tasks()).isZero();
    }

    @Test
    void what_was_released_is_no_work() {
        desk.join(0, 1);
        desk.submit(Desk.wanted(1, 3));

        desk.say(new ClientMessage.JobReleased(1));

        assertThat(desk.state.workload().outputs()).isZero();
        assertThat(desk.state.workload().tasks()).isLessThanOrEqualTo(2);
    }
}
