package dev.quiver.scheduler.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.graph.TaskGraph;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.LogRecord;
import dev.quiver.protocol.SchedulerMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CatalogTest {
    private static final long CLIENT = 7;
    private static final Bytes CONTENT = Bytes.of(new byte[] {1, 2});
    private static final PublishedJob SALES = new PublishedJob("sales", 1, CONTENT);

    private final Desk desk = new Desk(SchedulerSettings.LOCAL);

    private List<SchedulerCommand> say(ClientMessage message) {
        return desk.on(new SchedulerEvent.ClientSaid(CLIENT, 0, message));
    }

    private void publish() {
        desk.join(0, 1);
        say(new ClientMessage.GraphSubmitted(1, TaskGraph.of(Desk.wanted(1, 1)), true));
        desk.finish(0, 1, 0, 1);
        say(new ClientMessage.JobPublished(1, "sales", CONTENT));
    }

    @Test
    void what_was_published_outlives_its_client() {
        publish();

        List<SchedulerCommand> commands = desk.on(new SchedulerEvent.ClientLost(CLIENT));

        assertThat(Desk.told(commands, 0)).isEmpty();
        assertThat(desk.state.catalog()).containsExactly(SALES);
        assertThat(desk.state.outputCount()).isEqualTo(1);
    }

    @Test
    void it_goes_when_its_name_is_taken_away() {
        publish();
        say(new ClientMessage.JobReleased(1));

        List<SchedulerCommand> commands = say(new ClientMessage.NameWithdrawn("sales"));

        assertThat(Desk.told(commands, 0)).contains(new SchedulerMessage.OutputsFreed(1, 0, 1, 1));
        assertThat(desk.state.catalog()).isEmpty();
    }

    @Test
    void it_stays_without_a_name_as_long_as_its_client_wants_it() {
        publish();

        say(new ClientMessage.NameWithdrawn("sales"));

        assertThat(desk.state.outputCount()).isEqualTo(1);
    }

    @Test
    void a_name_is_given_once() {
        publish();
        say(new ClientMessage.GraphSubmitted(2, TaskGraph.of(Desk.wanted(2, 1)), true));

        List<SchedulerCommand> commands = say(new ClientMessage.JobPublished(2, "sales", CONTENT));

        assertThat(Desk.notices(commands))
                .hasSize(1)
                .first()
                .isInstanceOf(ClientNotice.Refused.class);
        assertThat(desk.state.catalog()).containsExactly(SALES);
    }

    @Test
    void the_next_scheduler_finds_it_in_the_log_also_in_one_that_was_written_anew() {
        var first = new Desk(SchedulerSettings.LOCAL.withLease(1000).withGrace(10));
        var records = new ArrayList<LogRecord>();
        for (ClientMessage message :
                List.of(
                        new ClientMessage.GraphSubmitted(1, TaskGraph.of(Desk.wanted(1, 1)), true),
                        new ClientMessage.JobPublished(1, "old", CONTENT),
                        new ClientMessage.NameWithdrawn("old"),
                        new ClientMessage.JobPublished(1, "sales", CONTENT),
                        new ClientMessage.JobReleased(1)))
            for (SchedulerCommand command :
                    first.on(new SchedulerEvent.ClientSaid(CLIENT, 0, message)))
                if (command instanceof SchedulerCommand.WriteDown(var entry, _)) records.add(entry);
        Retained retained = first.state.retained();
        List<LogRecord> anew =
                records.stream().map(retained::needed).flatMap(Optional::stream).toList();

        for (List<LogRecord> log : List.of(records, anew)) {
            var next = new Desk(SchedulerSettings.LOCAL.withLease(1000).withGrace(10), 1);
            for (LogRecord entry : log) next.on(new SchedulerEvent.Logged(entry));
            next.on(new SchedulerEvent.TookOver(List.of()));

            assertThat(next.state.catalog()).containsExactly(SALES);
            assertThat(next.state.stageCount()).isEqualTo(1);
            next.tick(20);
            next.on(new SchedulerEvent.ClientSaid(8, 0, new ClientMessage.NameWithdrawn("sales")));
            assertThat(next.state.stageCount()).isZero();
        }
    }
}
