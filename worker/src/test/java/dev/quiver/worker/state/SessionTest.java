package dev.quiver.worker.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quiver.graph.Stage;
import dev.quiver.operator.Closures;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.worker.state.WorkerCommand.Report;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionTest {
    private final WorkerState worker = new WorkerState(new WorkerSettings(1, 2, 100, true, 1000));

    private List<WorkerCommand> on(WorkerEvent event) {
        var commands = new ArrayList<WorkerCommand>();
        worker.on(event, commands::add);
        worker.checkInvariants();
        return commands;
    }

    private List<WorkerCommand> told(int epoch, SchedulerMessage message) {
        return on(new WorkerEvent.SchedulerSaid(epoch, message));
    }

    private void assign(int from, int to) {
        Stage stage =
                Stage.builder(1, "s", new Closures(p -> inputs -> List.of()))
                        .partitions(10)
                        .build();
        told(0, new SchedulerMessage.StageOpened(stage));
        told(0, new SchedulerMessage.TasksAssigned(1, from, to, 1, List.of(), List.of()));
    }

    @Test
    void a_session_begins_with_what_is_held_and_runs_and_gives_up_the_rest() {
        assign(0, 6);
        on(new WorkerEvent.Executed(1, 0, 1, 5, 50, 9));
        on(new WorkerEvent.Executed(1, 1, 1, 6, 60, 9));

        List<WorkerCommand> commands = on(new WorkerEvent.SessionBegan(1));

        assertThat(commands)
                .containsExactly(
                        new Report(
                                new WorkerMessage.Holding(
                                        1, 0, 1, List.of(5L, 6L), List.of(50L, 60L))),
                        new Report(new WorkerMessage.Running(1, 2, 3, 1)),
                        new Report(new WorkerMessage.Running(1, 3, 4, 1)),
                        new Report(new WorkerMessage.Announced()));
    }

    @Test
    void a_scheduler_that_was_replaced_is_not_obeyed() {
        assign(0, 1);
        on(new WorkerEvent.Executed(1, 0, 1, 5, 50, 9));
        on(new WorkerEvent.SessionBegan(2));

        assertThat(told(1, new SchedulerMessage.OutputsFreed(1, 0, 1, 1))).isEmpty();
        assertThat(on(new WorkerEvent.SessionBegan(1))).isEmpty();
        assertEquals(2, worker.epoch());
        assertEquals(1, worker.heldCount());
    }

    @Test
    void what_was_cancelled_before_the_session_ends_without_a_word() {
        assign(0, 1);
        told(0, new SchedulerMessage.TasksCancelled(1, 0, 1, 1));

        List<WorkerCommand> began = on(new WorkerEvent.SessionBegan(1));
        List<WorkerCommand> ended =
                on(
                        new WorkerEvent.Threw(
                                1, 0, 1, new Failure(Failure.Kind.CANCELLED, "interrupted")));

        assertThat(began).containsExactly(new Report(new WorkerMessage.Announced()));
        assertThat(ended).containsExactly(new WorkerCommand.CloseStage(1));
    }

    @Test
    void a_stage_is_closed_when_its_last_task_has_ended() {
        assign(0, 1);
        on(new WorkerEvent.SessionBegan(1));

        assertThat(told(1, new SchedulerMessage.StageClosed(1))).isEmpty();
        assertThat(on(new WorkerEvent.Executed(1, 0, 1, 5, 50, 9)))
                .contains(new WorkerCommand.CloseStage(1));
    }
}
