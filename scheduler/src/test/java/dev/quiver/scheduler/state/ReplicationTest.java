package dev.quiver.scheduler.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Worker 0 holds two outputs of 100 bytes that took a millisecond each, and there is another one.
class ReplicationTest {
    private static final long MILLI = 1_000_000;

    private final Desk desk = new Desk(SchedulerSettings.LOCAL.withReplicas(MILLI));

    @BeforeEach
    void fill() {
        desk.join(0, 2);
        desk.submit(Desk.wanted(1, 2));
        for (int p = 0; p < 2; p++) desk.finish(0, 1, p, 1);
        desk.join(1, 2);
    }

    private static SchedulerMessage copy(int partition) {
        return new SchedulerMessage.OutputsCopied(1, partition, 1, 0, List.of(10L), List.of(100L));
    }

    private OutputStatus output(int partition) {
        return desk.state.output(new TaskKey(1, partition)).orElseThrow();
    }

    private void append(Stage stage) {
        desk.say(new ClientMessage.StagesAppended(1, TaskGraph.of(stage)));
    }

    /// Both outputs are at both workers.
    private void replicate() {
        desk.tick(MILLI);
        desk.report(1, new WorkerMessage.Copied(1, 0, 1), new WorkerMessage.Copied(1, 1, 1));
    }

    @Test
    void what_was_kept_for_as_long_as_it_takes_to_compute_again_is_copied_to_a_second_worker() {
        assertThat(desk.state.wakeNanos()).isEqualTo(MILLI);
        List<SchedulerCommand> early = desk.tick(MILLI - 1);
        List<SchedulerCommand> due = desk.tick(1);

        desk.report(1, new WorkerMessage.Copied(1, 0, 1));

        assertThat(Desk.told(early, 1)).isEmpty();
        assertThat(Desk.told(due, 1)).containsExactly(copy(0), copy(1));
        assertThat(output(0)).isEqualTo(new OutputStatus(1, 0, Optional.of(1), 10, 100));
        assertThat(output(1).replica()).isEmpty();
        assertThat(desk.state.replicaCount()).isEqualTo(1);
    }

    @Test
    void a_replica_takes_the_place_of_an_output_that_is_lost() {
        replicate();

        List<SchedulerCommand> lost = desk.on(new SchedulerEvent.WorkerLost(0));

        assertThat(Desk.assigned(lost)).isEmpty();
        assertThat(output(0).worker()).isEqualTo(1);
        assertThat(output(1).worker()).isEqualTo(1);
        assertThat(desk.state.replicaCount()).isZero();
        assertThat(desk.state.replicasUsed()).isEqualTo(2);
    }

    @Test
    void it_gets_a_replica_itself_when_there_is_another_worker() {
        replicate();
        desk.on(new SchedulerEvent.WorkerLost(0));

        desk.join(2, 2);
        List<SchedulerCommand> due = desk.tick(MILLI);

        assertThat(Desk.told(due, 2))
                .first()
                .isEqualTo(
                        new SchedulerMessage.OutputsCopied(
                                1, 0, 1, 1, List.of(10L), List.of(100L)));
    }

    @Test
    void a_replica_is_freed_with_its_output() {
        replicate();

        List<SchedulerCommand> released = desk.say(new ClientMessage.TasksReleased(1, 0, 1));

        var freed = new SchedulerMessage.OutputsFreed(1, 0, 1, 1);
        assertThat(Desk.told(released, 0)).containsExactly(freed);
        assertThat(Desk.told(released, 1)).containsExactly(freed);
    }

    @Test
    void what_could_not_be_fetched_is_read_where_its_replica_is() {
        replicate();
        append(Desk.wanted(2, 2, new Dependency.Narrow(1)));

        List<SchedulerCommand> missed =
                desk.report(0, new WorkerMessage.InputMissing(2, 0, 1, 1, 0, 1, 0));

        assertThat(output(0).worker()).isEqualTo(1);
        assertThat(Desk.told(missed, 0)).contains(new SchedulerMessage.OutputsFreed(1, 0, 1, 1));
    }

    @Test
    void a_worker_that_is_to_leave_holds_replicas_no_more_and_leaves_its_outputs_to_them() {
        replicate();

        List<SchedulerCommand> leaving = desk.report(0, new WorkerMessage.Retiring());

        assertThat(Desk.told(leaving, 0)).containsExactly(new SchedulerMessage.Retired());
        assertThat(output(0).worker()).isEqualTo(1);

        desk.join(2, 2);
        desk.tick(MILLI);
        desk.report(2, new WorkerMessage.Copied(1, 0, 1), new WorkerMessage.Copied(1, 1, 1));
        List<SchedulerCommand> second = desk.report(2, new WorkerMessage.Retiring());

        assertThat(Desk.told(second, 2)).contains(new SchedulerMessage.OutputsFreed(1, 0, 2, 1));
        assertThat(desk.state.replicaCount()).isZero();
    }

    @Test
    void replicas_take_a_fifth_of_a_workers_memory_at_most() {
        append(Desk.wanted(3, 4));
        for (int p = 0; p < 4; p++) desk.finish(p / 2, 3, p, 1);

        List<SchedulerCommand> due = desk.tick(MILLI);

        assertThat(Desk.told(due, 1))
                .filteredOn(message -> message instanceof SchedulerMessage.OutputsCopied)
                .hasSize((int) (Desk.MEMORY / 5 / 100));
    }

    @Test
    void what_is_copied_slower_than_computed_stays_alone() {
        append(Desk.wanted(3, 1));
        desk.report(0, new WorkerMessage.Finished(3, 0, 1, 10, 1_000_000, MILLI));

        List<SchedulerCommand> due = desk.tick(MILLI);

        assertThat(Desk.told(due, 1)).containsExactly(copy(0), copy(1));
    }
}
