package dev.quiver.worker.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskLimits;
import dev.quiver.operator.Closures;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.InputRun;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.TaskDelays;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.worker.state.WorkerCommand.Execute;
import dev.quiver.worker.state.WorkerCommand.Fetch;
import dev.quiver.worker.state.WorkerCommand.Interrupt;
import dev.quiver.worker.state.WorkerCommand.Report;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerStateTest {
    private static final int ME = 7;
    private static final int OTHER = 8;
    private static final Failure INTERRUPTED = new Failure(Failure.Kind.CANCELLED, "interrupted");

    private final WorkerState worker = new WorkerState(new WorkerSettings(ME, 2, 100, false, 1000));

    private List<WorkerCommand> on(WorkerEvent event) {
        var commands = new ArrayList<WorkerCommand>();
        worker.on(event, commands::add);
        worker.checkInvariants();
        return commands;
    }

    private List<WorkerCommand> told(SchedulerMessage message) {
        return on(new WorkerEvent.SchedulerSaid(message));
    }

    private static Stage.Builder stage(int id) {
        return Stage.builder(id, "s" + id, new Closures(p -> inputs -> List.of())).partitions(10);
    }

    private void open(Stage stage) {
        told(new SchedulerMessage.StageOpened(stage));
    }

    private List<WorkerCommand> assign(int stage, int from, int to, InputRun... inputs) {
        return told(
                new SchedulerMessage.TasksAssigned(stage, from, to, 1, List.of(inputs), List.of()));
    }

    private List<WorkerCommand> executed(int stage, int partition) {
        return on(new WorkerEvent.Executed(stage, partition, 1, 5, 50, 9));
    }

    private static Execute execute(int stage, int partition, InputRun... inputs) {
        return new Execute(stage, partition, 1, List.of(inputs));
    }

    @Test
    void tasks_start_one_by_one_as_slots_get_free() {
        open(stage(1).build());

        assertThat(assign(1, 0, 5)).containsExactly(execute(1, 0), execute(1, 1));
        assertThat(executed(1, 1))
                .containsExactly(
                        new Report(new WorkerMessage.Finished(1, 1, 1, 5, 50, 9)), execute(1, 2));
    }

    @Test
    void a_task_waits_until_its_whole_minimum_can_be_set_aside() {
        open(stage(1).limits(new TaskLimits(0, 0, 0, 60)).build());

        assertThat(assign(1, 0, 2)).containsExactly(execute(1, 0));
        assertThat(on(new WorkerEvent.MemoryChanged(120))).containsExactly(execute(1, 1));
    }

    private static Report finished(int stage, int partition, TaskDelays delays) {
        return new Report(new WorkerMessage.Finished(stage, partition, 1, 5, 50, 9, delays));
    }

    @Test
    void how_long_a_task_fetched_its_inputs_is_told_when_it_has_finished() {
        InputRun input = new InputRun(0, 1, 0, 2, 1, OTHER);
        open(stage(2).input(new Dependency.FanIn(1, 10)).build());
        on(new WorkerEvent.Ticked(1_000_000));
        assign(2, 0, 1, input);
        on(new WorkerEvent.Ticked(3_000_000));
        on(new WorkerEvent.InputArrived(1, 0, 1, -1));
        on(new WorkerEvent.Ticked(5_500_000));
        on(new WorkerEvent.InputArrived(1, 1, 1, -1));
        on(new WorkerEvent.Ticked(9_000_000));

        List<WorkerCommand> ended = executed(2, 0);

        assertThat(ended).contains(finished(2, 0, new TaskDelays(4500, 0, 0)));
    }

    @Test
    void how_long_tasks_waited_for_memory_while_a_slot_was_free_is_told() {
        open(stage(1).limits(new TaskLimits(0, 0, 0, 60)).build());
        on(new WorkerEvent.Ticked(1_000_000));
        assign(1, 0, 3);
        on(new WorkerEvent.Ticked(8_000_000));
        List<WorkerCommand> first = executed(1, 0); // the second one has memory now
        on(new WorkerEvent.Ticked(9_000_000));
        on(new WorkerEvent.MemoryChanged(120));

        List<WorkerCommand> second = executed(1, 1);
        List<WorkerCommand> third = executed(1, 2);

        assertThat(first).contains(finished(1, 0, TaskDelays.NONE), execute(1, 1));
        assertThat(second).contains(finished(1, 1, new TaskDelays(0, 7000, 0)));
        assertThat(third).contains(finished(1, 2, new TaskDelays(0, 1000, 0)));
    }

    @Test
    void a_task_that_waits_for_a_slot_does_not_wait_for_memory() {
        open(stage(1).build());
        on(new WorkerEvent.Ticked(1_000_000));
        assign(1, 0, 3);
        on(new WorkerEvent.Ticked(8_000_000));
        executed(1, 0);

        List<WorkerCommand> ended = on(new WorkerEvent.Executed(1, 2, 1, 5, 50, 9, 3_000_999));

        assertThat(ended).contains(finished(1, 2, new TaskDelays(0, 0, 3000)));
    }

    @Test
    void the_copy_of_a_broadcast_output_stays_until_it_is_freed() {
        InputRun input = new InputRun(0, 1, 0, 1, 1, OTHER);
        open(stage(1).broadcast().build());
        open(stage(2).input(new Dependency.FanIn(1, 10)).build());
        open(stage(3).input(new Dependency.FanIn(1, 10)).build());

        assertThat(assign(2, 0, 1, input)).containsExactly(new Fetch(1, 0, 1, -1, OTHER));
        on(new WorkerEvent.InputArrived(1, 0, 1, -1));
        assertThat(executed(2, 0))
                .containsExactly(new Report(new WorkerMessage.Finished(2, 0, 1, 5, 50, 9)));
        assertThat(assign(3, 0, 1, input)).containsExactly(execute(3, 0, input));
        executed(3, 0);

        assertThat(told(new SchedulerMessage.OutputsFreed(1, 0, 1, 1)))
                .contains(new WorkerCommand.DropInput(1, 0, 1, -1));
    }

    @Test
    void a_task_that_reads_a_part_fetches_its_slices_only() {
        InputRun input = new InputRun(0, 1, 3, 4, 1, OTHER);
        open(stage(2).partitions(8).input(new Dependency.FanOut(1, 2, 4)).build());

        assertThat(assign(2, 7, 8, input))
                .containsExactly(new Fetch(1, 3, 1, 2, OTHER), new Fetch(1, 3, 1, 3, OTHER));
    }

    @Test
    void a_copy_of_a_later_attempt_takes_the_place_of_the_output_that_was_made_here() {
        open(stage(1).build());
        assign(1, 0, 1);
        executed(1, 0);
        told(new SchedulerMessage.OutputsCopied(1, 0, 2, OTHER, List.of(5L), List.of(50L)));

        List<WorkerCommand> arrived = on(new WorkerEvent.InputArrived(1, 0, 2, -1));

        assertThat(arrived)
                .startsWith(
                        new WorkerCommand.DropOutput(1, 0, 1),
                        new WorkerCommand.KeepInput(1, 0, 2),
                        new Report(new WorkerMessage.Copied(1, 0, 2)));
        assertEquals(1, worker.heldCount());
    }

    @Test
    void an_output_that_is_asked_for_twice_is_kept_once() {
        var asked = new SchedulerMessage.OutputsCopied(1, 0, 2, OTHER, List.of(5L), List.of(50L));
        open(stage(1).build());
        told(asked);
        told(asked);

        List<WorkerCommand> arrived = on(new WorkerEvent.InputArrived(1, 0, 2, -1));

        assertThat(arrived)
                .containsExactly(
                        new WorkerCommand.KeepInput(1, 0, 2),
                        new Report(new WorkerMessage.Copied(1, 0, 2)),
                        new WorkerCommand.DropInput(1, 0, 2, -1));
        assertEquals(0, worker.copyCount());
    }

    @Test
    void the_oldest_task_may_run_whatever_it_asks_for() {
        open(stage(1).limits(new TaskLimits(0, 0, 0, 5000)).build());

        assertThat(assign(1, 0, 1)).containsExactly(execute(1, 0));
    }

    @Test
    void a_task_that_finds_no_memory_beside_others_runs_again_alone() {
        open(stage(1).build());
        assign(1, 0, 4);
        var refused = new Failure(Failure.Kind.OUT_OF_MEMORY, "none left");

        assertThat(on(new WorkerEvent.Threw(1, 0, 1, refused))).isEmpty();
        assertThat(executed(1, 1))
                .containsExactly(
                        new Report(new WorkerMessage.Finished(1, 1, 1, 5, 50, 9)), execute(1, 0));
        assertThat(on(new WorkerEvent.Threw(1, 0, 1, refused)))
                .containsExactly(
                        new Report(new WorkerMessage.Failed(1, 0, 1, refused)),
                        execute(1, 2),
                        execute(1, 3));
    }

    @Test
    void a_cancelled_task_that_waits_is_returned_and_one_that_runs_is_interrupted() {
        open(stage(1).build());
        assign(1, 0, 4);

        List<WorkerCommand> commands = told(new SchedulerMessage.TasksCancelled(1, 1, 3, 1));

        assertThat(commands)
                .containsExactly(
                        new Report(new WorkerMessage.Returned(1, 2, 3, 1)),
                        new Interrupt(1, 1, 1, new Failure(Failure.Kind.CANCELLED, "cancelled")));
        assertThat(on(new WorkerEvent.Threw(1, 1, 1, INTERRUPTED)))
                .containsExactly(new Report(new WorkerMessage.Returned(1, 1, 2, 1)), execute(1, 3));
    }

    @Test
    void a_cancelled_task_that_ends_all_the_same_leaves_no_output() {
        open(stage(1).build());
        assign(1, 0, 1);
        told(new SchedulerMessage.TasksCancelled(1, 0, 1, 1));

        List<WorkerCommand> commands = executed(1, 0);

        assertThat(commands)
                .containsExactly(
                        new WorkerCommand.DropOutput(1, 0, 1),
                        new Report(new WorkerMessage.Returned(1, 0, 1, 1)));
        assertEquals(0, worker.heldCount());
    }

    @Test
    void what_has_not_started_can_be_stolen() {
        open(stage(1).build());
        assign(1, 0, 6);

        List<WorkerCommand> commands = told(new SchedulerMessage.TasksStolen(1, 1, 5, 1));

        assertThat(commands)
                .containsExactly(
                        new Report(new WorkerMessage.Returned(1, 2, 5, 1)),
                        new Report(new WorkerMessage.StealAnswered()));
        assertThat(executed(1, 0)).contains(execute(1, 5));
    }

    @Test
    void an_input_elsewhere_is_fetched_once_and_dropped_when_its_last_task_has_ended() {
        var run = new InputRun(0, 1, 4, 5, 3, OTHER);
        open(stage(2).partitions(3).input(new Dependency.Broadcast(1)).build());
        told(new SchedulerMessage.InputsLocated(2, List.of(run)));

        assertThat(assign(2, 0, 2)).containsExactly(new Fetch(1, 4, 3, WorkerCommand.WHOLE, OTHER));
        assertThat(on(new WorkerEvent.InputArrived(1, 4, 3, WorkerCommand.WHOLE)))
                .containsExactly(execute(2, 0, run), execute(2, 1, run));
        executed(2, 0);
        assertThat(executed(2, 1))
                .contains(new WorkerCommand.DropInput(1, 4, 3, WorkerCommand.WHOLE));
    }

    @Test
    void of_a_shuffled_input_only_a_slice_is_fetched() {
        open(stage(2).partitions(3).input(new Dependency.Shuffle(1, 3)).build());
        told(new SchedulerMessage.InputsLocated(2, List.of(new InputRun(0, 1, 0, 2, 1, OTHER))));

        assertThat(assign(2, 2, 3))
                .containsExactly(new Fetch(1, 0, 1, 2, OTHER), new Fetch(1, 1, 1, 2, OTHER));
    }

    @Test
    void an_input_that_does_not_come_is_asked_for_again_and_then_reported() {
        on(new WorkerEvent.Ticked(0));
        open(stage(2).input(new Dependency.Narrow(1)).build());
        var fetch = new Fetch(1, 4, 3, WorkerCommand.WHOLE, OTHER);
        assertThat(assign(2, 4, 5, new InputRun(0, 1, 4, 5, 3, OTHER))).containsExactly(fetch);

        List<WorkerCommand> last = List.of();
        for (int i = 1; i <= 6; i++) {
            assertEquals(i * 1000L, worker.wakeNanos());
            last = on(new WorkerEvent.Ticked(i * 1000L));
            assertThat(last).hasSize(1);
        }

        assertThat(last)
                .containsExactly(
                        new Report(new WorkerMessage.InputMissing(2, 4, 1, 1, 4, 3, OTHER)));
        assertTrue(worker.isIdle());
        assertEquals(0, worker.copyCount());
    }

    @Test
    void an_input_of_its_own_that_is_not_held_is_reported() {
        open(stage(2).input(new Dependency.Narrow(1)).build());

        assertThat(assign(2, 4, 5, new InputRun(0, 1, 4, 5, 3, ME)))
                .containsExactly(new Report(new WorkerMessage.InputMissing(2, 4, 1, 1, 4, 3, ME)));
    }

    @Test
    void a_listed_task_reads_what_it_lists_in_that_order() {
        open(stage(1).growing(0).build());
        var first = new InputRun(0, 3, 1, 2, 1, ME);
        var second = new InputRun(0, 2, 0, 1, 1, ME);
        open(stage(2).build());
        open(stage(3).build());
        assign(2, 0, 1);
        executed(2, 0);
        assign(3, 1, 2);
        executed(3, 1);

        List<WorkerCommand> commands =
                told(
                        new SchedulerMessage.TasksAssigned(
                                1, 0, 2, 1, List.of(first, second), List.of(0, 2)));

        assertThat(commands).containsExactly(execute(1, 0), execute(1, 1, first, second));
    }

    @Test
    void a_task_past_its_timeout_is_interrupted_and_has_failed_when_it_ends() {
        var why = new Failure(Failure.Kind.TIMEOUT, "ran longer than its limit of 2 ms");
        on(new WorkerEvent.Ticked(0));
        open(stage(1).limits(new TaskLimits(0, 0, 2_000_000, 0)).build());
        assign(1, 0, 1);
        assertEquals(2_000_000, worker.wakeNanos());

        assertThat(on(new WorkerEvent.Ticked(2_000_000)))
                .containsExactly(new Interrupt(1, 0, 1, why));
        assertThat(on(new WorkerEvent.Threw(1, 0, 1, INTERRUPTED)))
                .containsExactly(new Report(new WorkerMessage.Failed(1, 0, 1, why)));
    }

    @Test
    void a_free_of_an_earlier_attempt_leaves_the_output_of_a_later_one() {
        open(stage(1).build());
        told(new SchedulerMessage.TasksAssigned(1, 0, 1, 2, List.of(), List.of()));
        on(new WorkerEvent.Executed(1, 0, 2, 5, 50, 9));

        assertThat(told(new SchedulerMessage.OutputsFreed(1, 0, 1, 1))).isEmpty();
        assertThat(told(new SchedulerMessage.OutputsFreed(1, 0, 1, 2)))
                .containsExactly(new WorkerCommand.DropOutput(1, 0, 2));
    }
}
