package dev.quiver.scheduler.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Edges;
import dev.quiver.graph.Purity;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.AttemptNumber;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.LogRecord;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailoverTest {
    private static final long CLIENT = 5;
    private static final SchedulerSettings SETTINGS = SchedulerSettings.LOCAL.withGrace(1000);

    private final Desk old = new Desk(SETTINGS);
    private final Desk next = new Desk(SETTINGS, 1);
    private long sequence;

    private List<SchedulerCommand> say(Desk desk, ClientMessage message) {
        return desk.on(new SchedulerEvent.ClientSaid(CLIENT, ++sequence, message));
    }

    private static ClientMessage graph(Stage... stages) {
        return new ClientMessage.GraphSubmitted(1, TaskGraph.of(stages), false);
    }

    private static void join(Desk desk, int worker, WorkerMessage... announced) {
        desk.join(worker, 1);
        desk.report(worker, announced);
        desk.report(worker, new WorkerMessage.Announced());
    }

    private static List<LogRecord> log(Desk desk) {
        var log = new ArrayList<LogRecord>();
        for (SchedulerCommand command : desk.commands) {
            if (command instanceof SchedulerCommand.WriteDown(var entry, _)) {
                log.add(entry);
            }
        }
        return log;
    }

    private void takeOver(List<LogRecord> log, Integer... workers) {
        log.forEach(entry -> next.on(new SchedulerEvent.Logged(entry)));
        next.on(new SchedulerEvent.TookOver(List.of(workers)));
    }

    private static WorkerMessage holding(int stage, int partition, int attempt) {
        return new WorkerMessage.Holding(stage, partition, attempt, List.of(10L), List.of(100L));
    }

    private static int first() {
        return AttemptNumber.before(1) + 1;
    }

    @Test
    void what_finished_and_what_runs_is_not_done_again() {
        join(old, 0);
        join(old, 1);
        say(old, graph(Desk.wanted(1, 3)));

        takeOver(log(old), 0, 1);
        next.join(0, 1);
        next.report(0, holding(1, 0, 1), new WorkerMessage.Announced());
        next.join(1, 1);
        List<SchedulerCommand> commands =
                next.report(
                        1, new WorkerMessage.Running(1, 1, 2, 1), new WorkerMessage.Announced());

        assertThat(Desk.assigned(commands)).containsExactly("0: 1/2-3#" + first());
        assertThat(Desk.notices(next.finish(1, 1, 1, 1)))
                .containsExactly(new ClientNotice.TaskFinished(1, 1, 1, 1, 10, 100));
    }

    @Test
    void workers_that_do_not_come_are_waited_for_as_long_as_the_grace() {
        say(old, graph(Desk.wanted(1, 1)));
        takeOver(log(old), 0, 1);
        join(next, 0);

        assertThat(Desk.assigned(next.tick(999))).isEmpty();
        assertTrue(next.state.isRecovering());
        assertEquals(1000, next.state.wakeNanos());
        assertThat(Desk.assigned(next.tick(1))).hasSize(1);
        assertFalse(next.state.isRecovering());
    }

    @Test
    void inputs_of_what_finished_are_not_computed_again() {
        Stage scan = Desk.stage(1).build();
        Stage filter = Desk.wanted(2, 1, new Dependency.Narrow(1));
        say(old, graph(scan, filter));

        takeOver(log(old), 0);
        next.join(0, 1);
        List<SchedulerCommand> commands =
                next.report(0, holding(2, 0, 1), new WorkerMessage.Announced());

        assertThat(Desk.assigned(commands)).isEmpty();
        assertThat(Desk.notices(commands)).contains(new ClientNotice.StageFinished(2, 10, 100, 0));
    }

    @Test
    void a_message_that_was_accepted_counts_once() {
        say(old, graph(Desk.stage(1).growing(0).wanted().build()));
        var appended = new ClientMessage.TasksAppended(1, 2, Edges.NONE);
        List<SchedulerCommand> accepted = say(old, appended);
        takeOver(log(old), 0);

        List<SchedulerCommand> again =
                next.on(new SchedulerEvent.ClientSaid(CLIENT, sequence, appended));

        assertThat(accepted)
                .contains(new SchedulerCommand.Notify(CLIENT, new ClientNotice.Accepted(2)));
        assertThat(Desk.notices(again)).containsExactly(new ClientNotice.Accepted(2));
        assertEquals(2, next.state.status(1).orElseThrow().total());
    }

    @Test
    void a_client_that_comes_back_is_told_all_that_holds() {
        join(old, 0);
        say(old, graph(Desk.wanted(1, 1), Desk.stage(2).partitions(1).wanted().build()));
        old.fail(0, 2, 0, 1, Failure.Kind.PERMANENT);
        takeOver(log(old), 0);
        next.join(0, 1);
        next.report(0, holding(1, 0, 1), new WorkerMessage.Announced());

        List<SchedulerCommand> commands =
                next.on(new SchedulerEvent.ClientAttached(CLIENT, List.of(1, 9)));

        assertThat(Desk.notices(commands))
                .containsExactly(
                        new ClientNotice.Accepted(1),
                        new ClientNotice.StageForgotten(9),
                        new ClientNotice.TaskFinished(1, 0, 1, 0, 10, 100),
                        new ClientNotice.StageFinished(1, 10, 100, 0),
                        new ClientNotice.TaskFailed(
                                2,
                                0,
                                new Failure(Failure.Kind.PERMANENT, "boom"),
                                new TaskKey(2, 0)));
    }

    @Test
    void what_takes_something_away_is_written_down_ahead() {
        say(old, graph(Desk.wanted(1, 1)));

        List<SchedulerCommand> released = say(old, new ClientMessage.TasksReleased(1, 0, 1));

        assertThat(released.getFirst())
                .isEqualTo(
                        new SchedulerCommand.WriteDown(
                                new LogRecord.Said(
                                        CLIENT, 2, new ClientMessage.TasksReleased(1, 0, 1)),
                                true));
    }

    @Test
    void outputs_of_jobs_that_are_not_known_are_freed_and_what_runs_of_them_ends() {
        takeOver(List.of(), 0);
        next.join(0, 1);

        List<SchedulerCommand> commands =
                next.report(
                        0,
                        holding(7, 3, 1),
                        new WorkerMessage.Running(8, 1, 2, 1),
                        new WorkerMessage.Announced());
        List<SchedulerCommand> finished = next.finish(0, 8, 1, 1);

        assertThat(Desk.told(commands, 0))
                .containsExactly(
                        new SchedulerMessage.OutputsFreed(7, 3, 4, 1),
                        new SchedulerMessage.TasksCancelled(8, 1, 2, 1),
                        new SchedulerMessage.StageClosed(8));
        assertThat(Desk.told(finished, 0))
                .containsExactly(new SchedulerMessage.OutputsFreed(8, 1, 2, 1));
    }

    @Test
    void attempts_that_started_on_an_impure_output_of_before_its_restart_do_not_count() {
        join(old, 0);
        join(old, 1);
        say(
                old,
                graph(
                        Desk.stage(1).purity(Purity.IMPURE).wanted().build(),
                        Desk.wanted(2, 1, new Dependency.Narrow(1))));
        old.finish(0, 1, 0, 1);
        old.finish(0, 2, 0, 1);
        join(old, 0); // its connection broke, and it has lost everything
        takeOver(log(old), 0, 1);

        next.join(0, 1);
        next.report(0, holding(1, 0, 2), new WorkerMessage.Announced());
        next.join(1, 1);
        List<SchedulerCommand> commands =
                next.report(1, holding(2, 0, 1), new WorkerMessage.Announced());

        assertThat(Desk.told(commands, 1)).contains(new SchedulerMessage.OutputsFreed(2, 0, 1, 1));
        assertThat(Desk.assigned(commands)).hasSize(1);
    }

    @Test
    void what_a_worker_does_not_tell_after_its_connection_broke_is_lost() {
        join(old, 0);
        say(old, graph(Desk.wanted(1, 2)));
        old.finish(0, 1, 0, 1);

        old.join(0, 1);
        List<SchedulerCommand> commands =
                old.report(0, holding(1, 0, 1), new WorkerMessage.Announced());

        assertThat(Desk.assigned(commands)).containsExactly("0: 1/1-2#2");
        assertEquals(1, old.state.outputCount());
    }

    @Test
    void a_log_written_anew_holds_only_what_is_there() {
        say(old, graph(Desk.wanted(1, 1)));
        say(old, new ClientMessage.GraphSubmitted(2, TaskGraph.of(Desk.wanted(2, 1)), false));
        say(old, new ClientMessage.JobReleased(1));
        Retained retained = old.state.retained();
        List<LogRecord> left =
                log(old).stream().flatMap(entry -> retained.needed(entry).stream()).toList();

        assertThat(left).hasSize(1);
        assertThat(retained.heard()).containsExactly(new LogRecord.Heard(CLIENT, 3));
    }

    @Test
    void a_client_that_is_gone_for_good_leaves_nothing() {
        say(old, graph(Desk.wanted(1, 1)));

        old.on(new SchedulerEvent.ClientLost(CLIENT));

        assertEquals(0, old.state.stageCount());
        assertThat(old.state.retained().heard()).isEmpty();
    }
}
