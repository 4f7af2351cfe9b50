package dev.quiver.scheduler.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Edges;
import dev.quiver.graph.Purity;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.graph.TaskKey;
import dev.quiver.graph.TaskLimits;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.InputRun;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulerStateTest {
    private final Desk desk = Desk.local();

    @Test
    void a_task_goes_to_a_worker_with_a_free_slot() {
        desk.join(0, 1);

        List<SchedulerCommand> commands = desk.submit(Desk.wanted(1, 1));

        assertThat(Desk.assigned(commands)).containsExactly("0: 1/0-1#1");
    }

    @Test
    void a_worker_is_assigned_little_more_than_it_has_slots_for() {
        desk.join(0, 2);

        List<SchedulerCommand> commands = desk.submit(Desk.wanted(1, 100));

        assertThat(Desk.assigned(commands)).containsExactly("0: 1/0-4#1");
        assertEquals("ready, waits for a free worker", desk.why(1, 50));
    }

    @Test
    void many_tasks_are_divided_into_neighbouring_ranges() {
        desk.join(0, 2);
        desk.join(1, 2);

        List<SchedulerCommand> commands = desk.submit(Desk.wanted(1, 100));

        assertThat(Desk.assigned(commands)).containsExactly("0: 1/0-4#1", "1: 1/50-54#1");
    }

    @Test
    void a_dependent_goes_where_the_bytes_are_and_before_other_roots() {
        desk.join(0, 1);
        desk.join(1, 1);
        desk.submit(
                Desk.stage(1).partitions(20).build(), Desk.wanted(2, 20, new Dependency.Narrow(1)));

        List<SchedulerCommand> commands = desk.finish(1, 1, 10, 1);

        assertThat(Desk.assigned(commands)).startsWith("1: 2/10-11#1");
        assertThat(Desk.told(commands, 1))
                .contains(
                        new SchedulerMessage.TasksAssigned(
                                2,
                                10,
                                11,
                                1,
                                List.of(new InputRun(0, 1, 10, 11, 1, 1)),
                                List.of()));
    }

    @Test
    void a_worker_hears_of_a_broadcast_stage_before_it_reads_its_output_and_when_it_goes() {
        desk.join(0, 1);
        Stage value = Desk.stage(1).wanted().broadcast().build();
        desk.submit(value);
        desk.finish(0, 1, 0, 1);
        desk.join(1, 4);
        Stage tasks =
                Desk.stage(2).wanted().growing(0).input(new Dependency.Listed(Edges.NONE)).build();
        desk.say(new ClientMessage.GraphSubmitted(2, TaskGraph.of(tasks), false));
        var edges = Edges.builder();
        for (int i = 0; i < 8; i++) edges.input(1, 0).endRow();

        desk.append(2, 8, edges.build());

        assertThat(Desk.told(desk.commands, 1)).contains(new SchedulerMessage.StageOpened(value));
        desk.say(new ClientMessage.TasksReleased(2, 0, 8));
        assertThat(Desk.told(desk.say(new ClientMessage.JobReleased(1)), 1))
                .contains(new SchedulerMessage.OutputsFreed(1, 0, 1, 1));
    }

    @Test
    void an_output_is_freed_when_its_last_dependent_has_finished() {
        desk.join(0, 1);
        desk.submit(Desk.stage(1).build(), Desk.wanted(2, 1, new Dependency.Narrow(1)));
        desk.finish(0, 1, 0, 1);

        List<SchedulerCommand> commands = desk.finish(0, 2, 0, 1);

        assertThat(Desk.told(commands, 0))
                .containsExactly(new SchedulerMessage.OutputsFreed(1, 0, 1, 1));
        assertEquals("released: nobody needs its output any more", desk.why(1, 0));
    }

    @Test
    void a_shuffle_starts_when_all_partitions_are_there_and_is_told_once_where() {
        desk.join(0, 2);
        desk.submit(
                Desk.stage(1).partitions(2).build(),
                Desk.wanted(2, 3, new Dependency.Shuffle(1, 3)));
        assertThat(Desk.assigned(desk.finish(0, 1, 0, 1))).isEmpty();
        assertThat(desk.why(2, 0)).isEqualTo("waits for 1 tasks of 's1'");

        List<SchedulerCommand> commands = desk.finish(0, 1, 1, 1);

        assertThat(Desk.assigned(commands)).containsExactly("0: 2/0-3#1");
        assertThat(Desk.told(commands, 0))
                .contains(
                        new SchedulerMessage.InputsLocated(
                                2, List.of(new InputRun(0, 1, 0, 2, 1, 0))));
    }

    @Test
    void a_stage_reports_its_statistics_when_its_last_partition_has_finished() {
        desk.join(0, 2);
        desk.submit(Desk.wanted(1, 2));
        desk.finish(0, 1, 0, 1);

        List<SchedulerCommand> commands = desk.finish(0, 1, 1, 1);

        assertThat(Desk.notices(commands))
                .containsExactly(
                        new ClientNotice.TaskFinished(1, 1, 1, 0, 10, 100),
                        new ClientNotice.StageFinished(1, 20, 200, 2_000_000));
    }

    @Test
    void a_task_whose_only_holder_is_lost_is_computed_again() {
        desk.join(0, 1);
        desk.submit(Desk.wanted(1, 1));
        desk.finish(0, 1, 0, 1);
        desk.join(1, 1);

        List<SchedulerCommand> commands = desk.on(new SchedulerEvent.WorkerLost(0));

        assertThat(Desk.assigned(commands)).containsExactly("1: 1/0-1#2");
    }

    @Test
    void what_a_lost_worker_says_is_ignored() {
        desk.join(0, 1);
        desk.submit(Desk.wanted(1, 1));
        desk.on(new SchedulerEvent.WorkerLost(0));

        List<SchedulerCommand> commands = desk.finish(0, 1, 0, 1);

        assertThat(commands).isEmpty();
        assertEquals("ready, but there is no worker", desk.why(1, 0));
    }

    @Test
    void a_result_of_an_earlier_attempt_is_refused_and_freed() {
        desk.join(0, 1);
        desk.submit(
                Desk.stage(1).purity(Purity.IMPURE).build(),
                Desk.wanted(2, 3, new Dependency.Broadcast(1)));
        desk.finish(0, 1, 0, 1);
        desk.join(1, 1);
        desk.on(new SchedulerEvent.WorkerLost(0));

        List<SchedulerCommand> commands = desk.finish(1, 2, 2, 1);

        assertThat(Desk.notices(commands)).isEmpty();
        assertThat(Desk.told(commands, 1))
                .containsExactly(new SchedulerMessage.OutputsFreed(2, 2, 3, 1));
    }

    @Test
    void cancelling_a_running_task_tells_the_worker_and_refuses_its_result() {
        desk.join(0, 1);
        desk.submit(Desk.wanted(1, 1));

        List<SchedulerCommand> cancelled = desk.say(new ClientMessage.TasksCancelled(1, 0, 1));
        List<SchedulerCommand> late = desk.finish(0, 1, 0, 1);

        assertThat(Desk.told(cancelled, 0))
                .containsExactly(new SchedulerMessage.TasksCancelled(1, 0, 1, 1));
        assertThat(Desk.notices(cancelled))
                .containsExactly(
                        new ClientNotice.TaskFailed(
                                1,
                                0,
                                new Failure(Failure.Kind.CANCELLED, "cancelled"),
                                new TaskKey(1, 0)));
        assertThat(Desk.told(late, 0))
                .containsExactly(new SchedulerMessage.OutputsFreed(1, 0, 1, 1));
    }

    @Test
    void a_slot_is_free_again_when_a_cancelled_task_was_returned() {
        desk.join(0, 1);
        desk.submit(Desk.wanted(1, 4));
        desk.say(new ClientMessage.TasksCancelled(1, 0, 2));
        assertThat(desk.why(1, 2)).isEqualTo("ready, waits for a free worker");

        List<SchedulerCommand> commands = desk.report(0, new WorkerMessage.Returned(1, 0, 2, 1));

        assertThat(Desk.assigned(commands)).containsExactly("0: 1/2-4#1");
    }

    @Test
    void a_user_error_is_retried_with_growing_waits_and_then_fails_for_good() {
        var limits = new TaskLimits(2, 100, 0, 0);
        desk.join(0, 1);
        desk.submit(Desk.stage(1).wanted().limits(limits).build());

        assertThat(desk.fail(0, 1, 0, 1, Failure.Kind.USER_ERROR)).isEmpty();
        assertEquals(100, desk.state.wakeNanos());
        assertThat(Desk.assigned(desk.tick(100))).containsExactly("0: 1/0-1#2");
        desk.fail(0, 1, 0, 2, Failure.Kind.USER_ERROR);
        assertEquals(300, desk.state.wakeNanos());
        desk.tick(200);
        List<SchedulerCommand> last = desk.fail(0, 1, 0, 3, Failure.Kind.USER_ERROR);

        assertThat(Desk.notices(last))
                .containsExactly(
                        new ClientNotice.TaskFailed(
                                1,
                                0,
                                new Failure(Failure.Kind.USER_ERROR, "boom"),
                                new TaskKey(1, 0)));
        assertThat(desk.state.story(new TaskKey(1, 0)))
                .containsExactly(
                        "0.000 ms  submitted as task 0 of 's1'",
                        "0.000 ms  attempt 1 failed on worker 0: boom; 1 of 2 retries",
                        "0.000 ms  attempt 2 failed on worker 0: boom; 2 of 2 retries",
                        "0.000 ms  failed for good: boom",
                        "now: failed: boom");
    }

    @Test
    void a_task_that_ends_three_workers_is_not_tried_again() {
        desk.submit(Desk.wanted(1, 1));
        List<SchedulerCommand> last = List.of();
        for (int worker = 0; worker < 3; worker++) {
            desk.join(worker, 1);
            desk.report(worker, new WorkerMessage.Started(1, 0, 1, worker + 1));
            last = desk.on(new SchedulerEvent.WorkerLost(worker));
        }

        assertThat(Desk.notices(last)).hasSize(1);
        assertThat(desk.why(1, 0))
                .isEqualTo(
                        "failed: 3 workers were lost while task 0 of 's1' ran on them; it is not"
                                + " tried again, since it probably ends the process it runs in");
    }

    @Test
    void a_worker_that_is_silent_for_a_lease_is_dismissed() {
        var leased = new Desk(SchedulerSettings.LOCAL.withLease(1000));
        leased.join(0, 1);
        leased.join(1, 1);
        leased.submit(Desk.wanted(1, 1));
        leased.tick(900);
        leased.on(new SchedulerEvent.WorkerHeard(1));

        List<SchedulerCommand> commands = leased.tick(200);

        assertThat(commands).contains(new SchedulerCommand.Dismiss(0));
        assertThat(Desk.assigned(commands)).containsExactly("1: 1/0-1#2");
    }

    @Test
    void losing_an_impure_output_restarts_every_dependent_that_had_started_on_it() {
        desk.join(0, 1);
        desk.submit(
                Desk.stage(1).purity(Purity.IMPURE).build(),
                Desk.wanted(2, 2, new Dependency.Broadcast(1)));
        desk.join(1, 4);
        desk.finish(0, 1, 0, 1);
        desk.finish(1, 2, 1, 1);

        List<SchedulerCommand> lost = desk.on(new SchedulerEvent.WorkerLost(0));
        List<SchedulerCommand> again = desk.finish(1, 1, 0, 2);

        assertThat(Desk.told(lost, 1)).contains(new SchedulerMessage.OutputsFreed(2, 1, 2, 1));
        assertThat(Desk.assigned(lost)).containsExactly("1: 1/0-1#2");
        assertThat(Desk.assigned(again)).containsExactly("1: 2/0-2#2");
    }

    @Test
    void what_came_of_an_impure_output_by_a_task_that_has_failed_since_restarts_too() {
        desk.join(0, 1);
        desk.submit(
                Desk.stage(1).purity(Purity.IMPURE).wanted().build(),
                Desk.stage(2).input(new Dependency.Narrow(1)).build(),
                Desk.wanted(3, 1, new Dependency.Narrow(2)));
        desk.finish(0, 1, 0, 1);
        desk.finish(0, 2, 0, 1);
        desk.finish(0, 3, 0, 1);
        append(Desk.wanted(4, 1, new Dependency.Narrow(2)));
        desk.fail(0, 2, 0, 2, Failure.Kind.PERMANENT);
        append(Desk.wanted(5, 1, new Dependency.Narrow(1)));

        List<SchedulerCommand> missing =
                desk.report(0, new WorkerMessage.InputMissing(5, 0, 1, 1, 0, 1, 0));

        assertThat(Desk.told(missing, 0)).contains(new SchedulerMessage.OutputsFreed(3, 0, 1, 1));
        assertThat(Desk.assigned(missing)).containsExactly("0: 1/0-1#2");
    }

    private void append(Stage stage) {
        desk.say(new ClientMessage.StagesAppended(1, TaskGraph.of(stage)));
    }

    @Test
    void an_idle_worker_gets_half_of_what_another_has_not_started() {
        desk.join(0, 1);
        desk.submit(Desk.wanted(1, 7));
        desk.report(0, new WorkerMessage.Finished(1, 0, 1, 1, 1, 1_000_000));

        List<SchedulerCommand> asked = desk.on(new SchedulerEvent.WorkerJoined(1, 1, Desk.MEMORY));
        var steal =
                Desk.told(asked, 0).stream()
                        .filter(SchedulerMessage.TasksStolen.class::isInstance)
                        .map(SchedulerMessage.TasksStolen.class::cast)
                        .findFirst()
                        .orElseThrow();
        List<SchedulerCommand> given =
                desk.report(
                        0,
                        new WorkerMessage.Returned(1, steal.from(), steal.to(), steal.attempt()),
                        new WorkerMessage.StealAnswered());

        assertThat(Desk.assigned(given))
                .containsExactly(
                        "1: 1/%d-%d#%d".formatted(steal.from(), steal.to(), steal.attempt() + 1));
    }

    @Test
    void without_stealing_nobody_is_asked_to_give_back() {
        var desk = new Desk(SchedulerSettings.LOCAL.withStealing(false));
        desk.join(0, 1);
        desk.submit(Desk.wanted(1, 9));
        desk.finish(0, 1, 0, 1);

        desk.join(1, 1);

        assertThat(Desk.told(desk.commands, 0))
                .noneMatch(SchedulerMessage.TasksStolen.class::isInstance);
    }

    @Test
    void a_limited_stage_starts_with_one_task_then_two_and_stops_when_it_has_enough() {
        desk.join(0, 8);
        List<SchedulerCommand> first =
                desk.submit(Desk.stage(1).partitions(100).rowsMax(25).wanted().build());

        List<SchedulerCommand> second = desk.finish(0, 1, 0, 1);
        desk.finish(0, 1, 2, 1);
        List<SchedulerCommand> last = desk.finish(0, 1, 1, 1);

        assertThat(Desk.assigned(first)).containsExactly("0: 1/0-1#1");
        assertThat(Desk.assigned(second)).containsExactly("0: 1/1-3#1");
        assertThat(Desk.notices(last))
                .contains(new ClientNotice.StageFinished(1, 30, 300, 3_000_000));
        assertThat(desk.why(1, 3)).isEqualTo("dropped: enough was known without it");
    }

    @Test
    void appended_tasks_read_earlier_ones_and_fail_with_them() {
        desk.join(0, 4);
        desk.submit(Desk.stage(1).growing(0).wanted().build());
        desk.append(1, 1, Edges.NONE);
        desk.append(1, 1, Edges.builder().input(1, 0).endRow().build());

        List<SchedulerCommand> commands = desk.fail(0, 1, 0, 1, Failure.Kind.PERMANENT);

        assertThat(Desk.notices(commands))
                .containsExactly(
                        new ClientNotice.TaskFailed(
                                1,
                                0,
                                new Failure(Failure.Kind.PERMANENT, "boom"),
                                new TaskKey(1, 0)),
                        new ClientNotice.TaskFailed(
                                1,
                                1,
                                new Failure(
                                        Failure.Kind.INPUT_FAILED,
                                        "task 1/0, which it reads, failed: boom"),
                                new TaskKey(1, 0)));
    }

    @Test
    void a_job_that_fails_fast_ends_with_its_first_failure() {
        desk.join(0, 4);
        desk.say(
                new ClientMessage.GraphSubmitted(
                        1, TaskGraph.of(Desk.wanted(1, 2), Desk.wanted(2, 1)), true));

        List<SchedulerCommand> commands = desk.fail(0, 1, 0, 1, Failure.Kind.PERMANENT);

        assertThat(Desk.notices(commands))
                .contains(
                        new ClientNotice.JobFailed(
                                1, new Failure(Failure.Kind.PERMANENT, "boom"), new TaskKey(1, 0)))
                .hasSize(4);
        assertThat(Desk.told(commands, 0))
                .contains(new SchedulerMessage.TasksCancelled(2, 0, 1, 1));
    }

    @Test
    void a_task_waits_until_the_worker_has_its_minimum_of_memory() {
        var limits = new TaskLimits(0, 0, 0, 600);
        desk.join(0, 4);

        List<SchedulerCommand> commands =
                desk.submit(Desk.stage(1).partitions(3).wanted().limits(limits).build());

        assertThat(Desk.assigned(commands)).containsExactly("0: 1/0-1#1");
        assertThat(Desk.assigned(desk.finish(0, 1, 0, 1))).containsExactly("0: 1/1-2#1");
    }

    @Test
    void the_smaller_priority_goes_first() {
        desk.submit(
                Desk.stage(1).priority(5).wanted().build(),
                Desk.stage(2).priority(3).wanted().build());

        List<SchedulerCommand> commands =
                desk.on(new SchedulerEvent.WorkerJoined(0, 1, Desk.MEMORY));

        assertThat(Desk.assigned(commands)).containsExactly("0: 2/0-1#1", "0: 1/0-1#1");
    }

    @Test
    void a_released_job_is_forgotten_when_its_last_attempt_has_ended() {
        desk.join(0, 1);
        desk.submit(Desk.wanted(1, 1));

        desk.say(new ClientMessage.JobReleased(1));
        assertEquals(1, desk.state.stageCount());
        List<SchedulerCommand> commands = desk.report(0, new WorkerMessage.Returned(1, 0, 1, 1));

        assertEquals(0, desk.state.stageCount());
        assertThat(Desk.notices(commands)).containsExactly(new ClientNotice.StageForgotten(1));
        assertThat(Desk.told(commands, 0)).containsExactly(new SchedulerMessage.StageClosed(1));
    }

    @Test
    void a_planner_appends_stages_and_then_releases_what_it_kept() {
        desk.join(0, 1);
        desk.submit(Desk.wanted(1, 1));
        desk.finish(0, 1, 0, 1);

        desk.say(
                new ClientMessage.StagesAppended(
                        1, TaskGraph.of(Desk.wanted(2, 1, new Dependency.Narrow(1)))));
        assertThat(desk.say(new ClientMessage.TasksReleased(1, 0, 1))).isEmpty();
        List<SchedulerCommand> commands = desk.finish(0, 2, 0, 1);

        assertThat(Desk.told(commands, 0))
                .containsExactly(new SchedulerMessage.OutputsFreed(1, 0, 1, 1));
    }

    @Test
    void a_stage_that_reads_what_is_not_there_is_refused() {
        List<SchedulerCommand> commands = desk.submit(Desk.wanted(2, 1, new Dependency.Narrow(1)));

        assertThat(Desk.notices(commands))
                .singleElement()
                .isInstanceOfSatisfying(
                        ClientNotice.Refused.class,
                        refused ->
                                assertEquals(
                                        "stage 's2' reads stage 1, which isn't there",
                                        refused.why()));
    }

    @Test
    void tasks_that_nobody_needs_any_more_never_start() {
        desk.submit(Desk.wanted(1, 3));
        desk.say(new ClientMessage.TasksReleased(1, 1, 3));

        List<SchedulerCommand> commands =
                desk.on(new SchedulerEvent.WorkerJoined(0, 8, Desk.MEMORY));

        assertThat(Desk.assigned(commands)).containsExactly("0: 1/0-1#1");
        assertEquals("not needed by anybody", desk.why(1, 1));
    }
}
