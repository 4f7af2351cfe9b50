package dev.quiver.scheduler.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.TaskGraph;
import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Worker 0 holds four outputs of 100 bytes; worker 1 has joined since.
class RebalancingTest {
    private final Desk desk = Desk.local();

    @BeforeEach
    void fill() {
        desk.join(0, 4);
        desk.submit(Desk.wanted(1, 4));
        for (int p = 0; p < 4; p++) desk.finish(0, 1, p, 1);
        desk.join(1, 4);
    }

    private List<SchedulerCommand> rebalance() {
        return desk.on(new SchedulerEvent.RebalanceAsked());
    }

    private static SchedulerMessage copy(int partition) {
        return new SchedulerMessage.OutputsCopied(1, partition, 1, 0, List.of(10L), List.of(100L));
    }

    private int holder(int partition) {
        return desk.state.output(new TaskKey(1, partition)).orElseThrow().worker();
    }

    @Test
    void half_of_what_one_worker_holds_is_copied_to_another_and_freed_where_it_was() {
        List<SchedulerCommand> asked = rebalance();

        List<SchedulerCommand> copied =
                desk.report(
                        1, new WorkerMessage.Copied(1, 0, 1), new WorkerMessage.Copied(1, 1, 1));

        assertThat(Desk.told(asked, 1)).containsExactly(copy(0), copy(1));
        assertThat(Desk.told(copied, 0))
                .containsExactly(new SchedulerMessage.OutputsFreed(1, 0, 2, 1));
        assertThat(List.of(holder(0), holder(1), holder(2), holder(3))).containsExactly(1, 1, 0, 0);
        assertThat(desk.state.rebalancing()).isEqualTo(new RebalancingStatus(0, 0));
    }

    @Test
    void a_worker_that_has_only_just_joined_is_given_something_when_it_has_said_what_it_holds() {
        var later = new Desk(SchedulerSettings.LOCAL.withGrace(1000));
        later.join(0, 4);
        later.report(0, new WorkerMessage.Announced());
        later.submit(Desk.wanted(1, 4));
        for (int p = 0; p < 4; p++) later.finish(0, 1, p, 1);
        later.join(1, 4);

        List<SchedulerCommand> asked = later.on(new SchedulerEvent.RebalanceAsked());
        List<SchedulerCommand> announced = later.report(1, new WorkerMessage.Announced());

        assertThat(Desk.told(asked, 1)).isEmpty();
        assertThat(Desk.told(announced, 1)).containsExactly(copy(0), copy(1));
    }

    @Test
    void it_tells_what_is_still_to_move() {
        rebalance();

        desk.report(1, new WorkerMessage.Copied(1, 0, 1));

        assertThat(desk.state.rebalancing()).isEqualTo(new RebalancingStatus(1, 100));
    }

    @Test
    void nothing_moves_among_workers_that_hold_about_the_same() {
        rebalance();
        desk.report(1, new WorkerMessage.Copied(1, 0, 1), new WorkerMessage.Copied(1, 1, 1));

        assertThat(Desk.told(rebalance(), 0)).isEmpty();
        assertThat(desk.state.rebalancing().outputs()).isZero();
    }

    @Test
    void what_tasks_are_about_to_read_stays() {
        desk.say(
                new ClientMessage.StagesAppended(
                        1, TaskGraph.of(Desk.wanted(2, 4, new Dependency.Narrow(1)))));

        List<SchedulerCommand> asked = rebalance();

        assertThat(Desk.told(asked, 1)).isEmpty();
    }

    @Test
    void what_tasks_began_to_read_meanwhile_stays_and_the_copy_is_freed() {
        rebalance();
        desk.say(
                new ClientMessage.StagesAppended(
                        1, TaskGraph.of(Desk.wanted(2, 4, new Dependency.Narrow(1)))));

        List<SchedulerCommand> copied = desk.report(1, new WorkerMessage.Copied(1, 0, 1));

        assertThat(Desk.told(copied, 1)).contains(new SchedulerMessage.OutputsFreed(1, 0, 1, 1));
        assertThat(holder(0)).isZero();
    }

    @Test
    void what_cannot_be_copied_stays_where_it_is() {
        rebalance();

        desk.report(1, new WorkerMessage.NotCopied(1, 0, 1));

        assertThat(holder(0)).isZero();
        assertThat(desk.state.rebalancing().outputs()).isEqualTo(1);
    }

    @Test
    void a_worker_that_is_lost_or_leaves_gets_nothing() {
        rebalance();
        desk.report(1, new WorkerMessage.Retiring());

        List<SchedulerCommand> copied = desk.report(1, new WorkerMessage.Copied(1, 0, 1));
        desk.on(new SchedulerEvent.WorkerLost(1));

        assertThat(Desk.told(copied, 1)).contains(new SchedulerMessage.OutputsFreed(1, 0, 1, 1));
        assertThat(holder(0)).isZero();
        assertThat(desk.state.rebalancing()).isEqualTo(new RebalancingStatus(0, 0));
    }

    @Test
    void what_was_released_meanwhile_is_freed_at_both() {
        rebalance();
        desk.say(new ClientMessage.JobReleased(1));

        List<SchedulerCommand> copied = desk.report(1, new WorkerMessage.Copied(1, 0, 1));

        assertThat(Desk.told(copied, 1)).contains(new SchedulerMessage.OutputsFreed(1, 0, 1, 1));
    }
}
