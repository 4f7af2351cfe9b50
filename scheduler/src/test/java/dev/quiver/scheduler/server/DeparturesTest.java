package dev.quiver.scheduler.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.LogRecord;
import dev.quiver.protocol.SchedulerMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeparturesTest {
    private static final ClientNotice ACCEPTED = new ClientNotice.Accepted(1);
    private static final SchedulerMessage CLOSED = new SchedulerMessage.StageClosed(7);

    private static final class Link implements WorkerLink {
        @Override
        public boolean tell(SchedulerMessage message) {
            return false;
        }

        @Override
        public void deliver() {}

        @Override
        public void dismiss() {}
    }

    private final List<Object> left = new ArrayList<>();
    private final Link link = new Link();
    private long safe;

    private final Departures departures =
            new Departures(
                    new JobLog() {
                        @Override
                        public long write(LogRecord entry) {
                            throw new AssertionError("nothing is written here");
                        }

                        @Override
                        public long safe() {
                            return safe;
                        }
                    },
                    new Departures.Way() {
                        @Override
                        public void tell(int worker, WorkerLink to, SchedulerMessage message) {
                            left.add(message);
                        }

                        @Override
                        public void hear(long client, ClientNotice notice) {
                            left.add(notice);
                        }
                    });

    @Test
    void notices_wait_for_every_record_and_messages_for_none_that_only_adds() {
        departures.wrote(1, false);
        departures.hear(3, ACCEPTED);
        departures.tell(0, link, CLOSED);

        assertThat(left).containsExactly(CLOSED);
        safe = 1;
        departures.leave();
        assertThat(left).containsExactly(CLOSED, ACCEPTED);
    }

    @Test
    void messages_wait_for_records_that_take_something_away() {
        departures.wrote(1, true);
        departures.wrote(2, false);
        departures.tell(0, link, CLOSED);

        assertThat(left).isEmpty();
        safe = 1;
        departures.leave();
        assertThat(left).containsExactly(CLOSED);
    }

    @Test
    void what_came_later_does_not_overtake() {
        var second = new ClientNotice.Accepted(2);
        departures.wrote(1, false);
        departures.hear(3, ACCEPTED);
        safe = 1;
        departures.hear(3, second);

        departures.leave();
        assertThat(left).containsExactly(ACCEPTED, second);
    }
}
