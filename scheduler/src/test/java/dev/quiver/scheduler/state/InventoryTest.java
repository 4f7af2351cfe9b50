package dev.quiver.scheduler.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.TaskKey;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.ClientMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InventoryTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final TaskKey FIRST = new TaskKey(0, 0);

    private final Desk desk = Desk.local();

    /// Workers do all that they are given.
    private void work(int... workers) {
        for (boolean worked = true; worked; ) {
            worked = false;
            for (int worker : workers)
                for (AssignedTask task : desk.state.assigned(worker, 100)) {
                    desk.finish(worker, task.stage(), task.partition(), task.attempt());
                    worked = true;
                }
        }
    }

    private List<HeldOutputs> held() {
        var all = new ArrayList<HeldOutputs>();
        for (var from = Optional.of(FIRST); from.isPresent(); ) {
            HeldOutputs.Part part = desk.state.held(from.get());
            all.addAll(part.held());
            from = part.next();
        }
        return all;
    }

    @Test
    void a_worker_that_was_given_tasks_has_those_that_have_not_ended() {
        desk.join(0, 2);
        desk.submit(Desk.wanted(1, 3));
        desk.finish(0, 1, 0, 1);

        desk.tick(SECOND);

        assertThat(desk.state.workers()).containsExactly(new WorkerStatus(0, 2, 0, -1, false));
        assertThat(desk.state.assigned(0, 10))
                .containsExactly(
                        new AssignedTask(1, "s1", 1, 1, SECOND, false),
                        new AssignedTask(1, "s1", 2, 1, SECOND, false));
        assertThat(desk.state.assigned(0, 1)).hasSize(1);
        assertThat(desk.state.assigned(7, 10)).isEmpty();
    }

    @Test
    void a_worker_that_may_fall_silent_tells_for_how_long_it_was() {
        var leased = new Desk(SchedulerSettings.LOCAL.withLease(10 * SECOND));
        leased.tick(SECOND);
        leased.join(0, 1);

        leased.tick(3 * SECOND);

        assertThat(leased.state.workers())
                .containsExactly(new WorkerStatus(0, 0, 0, 3 * SECOND, false));
    }

    @Test
    void outputs_are_told_of_by_stage_and_worker_with_the_name_that_they_were_published_under() {
        desk.join(0, 1);
        desk.join(1, 1);
        desk.submit(Desk.wanted(1, 2));
        work(0, 1);
        desk.say(new ClientMessage.JobPublished(1, "flights", Bytes.of(new byte[0])));

        assertThat(held())
                .containsExactly(
                        new HeldOutputs(1, "s1", 1, 0, "flights", 0, 1, 100),
                        new HeldOutputs(1, "s1", 1, 0, "flights", 1, 1, 100));
    }

    @Test
    void what_is_held_of_many_tasks_comes_in_parts_that_add_up() {
        int tasks = SchedulerState.LOOKED_AT_MAX;
        desk.join(0, 1);
        desk.submit(Desk.wanted(1, tasks), Desk.wanted(2, tasks));
        desk.finish(0, 2, 0, 1);
        desk.finish(0, 2, 1, 1);

        HeldOutputs.Part first = desk.state.held(FIRST);

        assertThat(first.next()).isPresent();
        assertThat(held().stream().mapToInt(HeldOutputs::outputs).sum()).isEqualTo(2);
    }

    @Test
    void a_task_names_what_it_reads_and_where_that_is() {
        desk.join(0, 1);
        desk.submit(
                Desk.wanted(1, 2),
                Desk.wanted(2, 3),
                Desk.wanted(3, 2, new Dependency.Narrow(1), new Dependency.Broadcast(2)));
        var task = new TaskKey(3, 1);
        List<TaskInput> before = desk.state.inputs(task, 10);

        work(0);

        assertThat(before)
                .containsExactly(
                        new TaskInput(2, "s2", -1, 3, 0, -1, 0, 0),
                        new TaskInput(1, "s1", 1, 1, 0, -1, 0, 0));
        assertThat(desk.state.inputs(task, 10))
                .containsExactly(
                        new TaskInput(2, "s2", -1, 3, 3, -1, 30, 300),
                        new TaskInput(1, "s1", 1, 1, 1, 0, 10, 100));
        assertThat(desk.state.inputs(new TaskKey(9, 0), 10)).isEmpty();
    }

    @Test
    void what_a_lost_worker_held_is_held_by_nobody() {
        desk.join(0, 1);
        desk.join(1, 1);
        desk.submit(Desk.wanted(1, 1));
        work(0);

        desk.on(new SchedulerEvent.WorkerLost(0));

        assertThat(held()).isEmpty();
        assertThat(desk.state.workers()).hasSize(1);
    }
}
