package dev.quiver.scheduler.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.TaskGraph;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetirementTest {
    private static final SchedulerMessage RETIRED = new SchedulerMessage.Retired();

    private final Desk desk = Desk.local();

    private List<SchedulerCommand> retire(int worker) {
        return desk.report(worker, new WorkerMessage.Retiring());
    }

    @Test
    void a_worker_that_has_nothing_leaves_at_once() {
        desk.join(0, 1);

        List<SchedulerCommand> commands = retire(0);

        assertThat(Desk.told(commands, 0)).containsExactly(RETIRED);
    }

    @Test
    void what_has_not_started_is_taken_back_and_given_to_others_and_what_runs_ends() {
        desk.join(0, 1);
        desk.submit(Desk.wanted(1, 4));

        List<SchedulerCommand> asked = retire(0);
        desk.join(1, 4);
        List<SchedulerCommand> returned =
                desk.report(
                        0,
                        new WorkerMessage.Returned(1, 1, 2, 1),
                        new WorkerMessage.StealAnswered());

        assertThat(Desk.told(asked, 0))
                .containsExactly(new SchedulerMessage.TasksStolen(1, 0, 2, 1));
        assertThat(Desk.assigned(desk.commands)).contains("1: 1/2-4#1");
        assertThat(Desk.assigned(returned)).containsExactly("1: 1/1-2#2");
        assertThat(desk.state.retirements())
                .containsExactly(new RetirementStatus(0, 1, 0, 0, false));
    }

    @Test
    void it_gets_nothing_any_more_not_even_what_reads_its_own_outputs() {
        desk.join(0, 4);
        desk.submit(Desk.wanted(1, 4));
        desk.join(1, 4);
        retire(0);

        desk.finish(0, 1, 0, 1);
        List<SchedulerCommand> reading =
                desk.say(
                        new ClientMessage.StagesAppended(
                                1, TaskGraph.of(Desk.wanted(2, 4, new Dependency.Narrow(1)))));

        assertThat(Desk.assigned(reading)).containsExactly("1: 2/0-1#1");
    }

    @Test
    void it_leaves_when_it_runs_nothing_and_nothing_that_it_holds_is_needed() {
        desk.join(0, 1);
        desk.submit(Desk.wanted(1, 1));
        retire(0);

        List<SchedulerCommand> finished = desk.finish(0, 1, 0, 1);
        List<SchedulerCommand> released = desk.say(new ClientMessage.TasksReleased(1, 0, 1));

        assertThat(Desk.told(finished, 0)).doesNotContain(RETIRED);
        assertThat(Desk.told(released, 0))
                .containsExactly(new SchedulerMessage.OutputsFreed(1, 0, 1, 1), RETIRED);
    }

    @Test
    void nobody_is_needed_once_nothing_waits_and_nothing_is_held() {
        desk.join(0, 1);

        assertFalse(desk.state.needsWorkers());
        desk.submit(Desk.wanted(1, 1));
        assertTrue(desk.state.needsWorkers());
        desk.finish(0, 1, 0, 1);
        assertTrue(desk.state.needsWorkers());
        desk.say(new ClientMessage.JobReleased(1));
        assertFalse(desk.state.needsWorkers());
    }
}
