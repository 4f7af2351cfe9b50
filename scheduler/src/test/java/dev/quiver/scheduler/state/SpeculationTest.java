package dev.quiver.scheduler.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.graph.Purity;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Four tasks on two workers of two slots; the last task takes long.
class SpeculationTest {
    private static final long MILLI = 1_000_000;
    private static final long LONG = 2_100 * MILLI;

    private final Desk desk = Desk.local();

    private void begin(Stage stage) {
        desk.join(0, 2);
        desk.join(1, 2);
        desk.submit(stage);
        desk.tick(100 * MILLI);
        desk.finish(0, 1, 0, 1);
        desk.finish(0, 1, 1, 1);
        desk.finish(1, 1, 2, 1);
        desk.report(1, new WorkerMessage.Started(1, 3, 4, 1));
    }

    private void beginSpeculating() {
        desk.say(new ClientMessage.SpeculationWanted());
        begin(Desk.wanted(1, 4));
    }

    private String story() {
        return String.join("\n", desk.state.story(new TaskKey(1, 3)));
    }

    @Test
    void a_task_that_takes_much_longer_than_others_is_given_to_an_idle_worker_too() {
        beginSpeculating();
        List<SchedulerCommand> early = desk.tick(1_800 * MILLI);

        List<SchedulerCommand> late = desk.tick(LONG);

        assertThat(Desk.assigned(early)).isEmpty();
        assertThat(Desk.assigned(late)).containsExactly("0: 1/3-4#2");
        assertThat(desk.why(1, 3)).endsWith("and since it takes long to worker 0");
    }

    @Test
    void it_is_looked_for_stragglers_without_any_other_event() {
        beginSpeculating();

        long wake = desk.state.wakeNanos();

        assertThat(wake).isBetween(1L, 600 * MILLI);
    }

    @Test
    void a_straggler_that_was_asked_back_in_vain_is_given_to_an_idle_worker_too() {
        desk.join(0, 2);
        desk.join(1, 2);
        desk.say(new ClientMessage.SpeculationWanted());
        desk.submit(Desk.wanted(1, 8));
        desk.tick(100 * MILLI);
        for (int p = 0; p < 4; p++) desk.finish(0, 1, p, 1);
        assertThat(Desk.told(desk.commands, 1))
                .contains(new SchedulerMessage.TasksStolen(1, 7, 8, 1));
        for (int p = 4; p < 7; p++) desk.finish(1, 1, p, 1);
        desk.report(1, new WorkerMessage.Started(1, 7, 8, 1), new WorkerMessage.StealAnswered());

        List<SchedulerCommand> late = desk.tick(LONG);

        assertThat(Desk.assigned(late)).containsExactly("0: 1/7-8#2");
    }

    @Test
    void the_second_attempt_counts_when_it_ends_first() {
        beginSpeculating();
        desk.tick(LONG);

        List<SchedulerCommand> won = desk.finish(0, 1, 3, 2);

        assertThat(Desk.notices(won)).contains(new ClientNotice.TaskFinished(1, 3, 2, 0, 10, 100));
        assertThat(Desk.told(won, 1))
                .containsExactly(new SchedulerMessage.TasksCancelled(1, 3, 4, 1));
        assertThat(story()).contains("attempt 2 on worker 0 ends first: attempt 1 on worker 1");
    }

    @Test
    void an_output_of_the_loser_is_freed() {
        beginSpeculating();
        desk.tick(LONG);
        desk.finish(0, 1, 3, 2);

        List<SchedulerCommand> lost = desk.finish(1, 1, 3, 1);

        assertThat(Desk.notices(lost)).isEmpty();
        assertThat(Desk.told(lost, 1))
                .containsExactly(new SchedulerMessage.OutputsFreed(1, 3, 4, 1));
        assertThat(desk.state.output(new TaskKey(1, 3)).orElseThrow().worker()).isZero();
    }

    @Test
    void the_second_attempt_is_cancelled_when_the_first_ends_first() {
        beginSpeculating();
        desk.tick(LONG);

        List<SchedulerCommand> won = desk.finish(1, 1, 3, 1);

        assertThat(Desk.told(won, 0))
                .containsExactly(new SchedulerMessage.TasksCancelled(1, 3, 4, 2));
        assertThat(desk.state.output(new TaskKey(1, 3)).orElseThrow().attempt()).isEqualTo(1);
    }

    @Test
    void the_second_attempt_stands_in_when_the_worker_of_the_first_is_lost() {
        beginSpeculating();
        desk.tick(LONG);

        List<SchedulerCommand> lost = desk.on(new SchedulerEvent.WorkerLost(1));

        assertThat(Desk.assigned(lost)).containsExactly("0: 1/2-3#2"); // its output was lost
        List<SchedulerCommand> ended = desk.finish(0, 1, 3, 2);
        assertThat(Desk.notices(ended))
                .contains(new ClientNotice.TaskFinished(1, 3, 2, 0, 10, 100));
    }

    @Test
    void a_second_attempt_that_fails_is_no_failure_of_the_task_and_not_tried_again() {
        beginSpeculating();
        desk.tick(LONG);

        desk.fail(0, 1, 3, 2, Failure.Kind.USER_ERROR);

        assertThat(Desk.assigned(desk.tick(LONG))).isEmpty();
        assertThat(Desk.notices(desk.finish(1, 1, 3, 1)))
                .contains(new ClientNotice.TaskFinished(1, 3, 1, 1, 10, 100));
    }

    @Test
    void both_attempts_end_when_the_task_is_cancelled_and_no_number_is_used_twice() {
        beginSpeculating();
        desk.tick(LONG);

        List<SchedulerCommand> cancelled = desk.say(new ClientMessage.TasksCancelled(1, 3, 4));

        assertThat(Desk.told(cancelled, 0))
                .containsExactly(new SchedulerMessage.TasksCancelled(1, 3, 4, 2));
        assertThat(Desk.told(cancelled, 1))
                .containsExactly(new SchedulerMessage.TasksCancelled(1, 3, 4, 1));
    }

    @Test
    void an_attempt_after_both_has_a_number_of_its_own() {
        beginSpeculating();
        desk.tick(LONG);
        desk.finish(1, 1, 3, 1);

        List<SchedulerCommand> lost = desk.on(new SchedulerEvent.WorkerLost(1));

        assertThat(Desk.assigned(lost)).contains("0: 1/3-4#3");
    }

    @Test
    void nothing_runs_twice_unless_its_client_wants_that() {
        begin(Desk.wanted(1, 4));

        List<SchedulerCommand> late = desk.tick(10 * LONG);

        assertThat(Desk.assigned(late)).isEmpty();
    }

    @Test
    void what_may_give_another_output_never_runs_twice() {
        desk.say(new ClientMessage.SpeculationWanted());
        begin(Desk.stage(1).partitions(4).purity(Purity.IMPURE).wanted().build());

        List<SchedulerCommand> late = desk.tick(10 * LONG);

        assertThat(Desk.assigned(late)).isEmpty();
    }
}
