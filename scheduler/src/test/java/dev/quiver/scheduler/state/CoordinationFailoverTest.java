package dev.quiver.scheduler.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.operator.Bytes;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.CoordinationAnswer;
import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Kind;
import dev.quiver.protocol.CoordinationRequest.Patience;
import dev.quiver.protocol.LogRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What clients share survives its scheduler.
final class CoordinationFailoverTest {
    private static final long HOLDER = 7;
    private static final long WAITER = 8;
    private static final SchedulerSettings SETTINGS =
            SchedulerSettings.LOCAL.withLease(1000).withGrace(10);
    private static final CoordinationRequest LOCK =
            new CoordinationRequest.Acquire(Kind.LOCK, "l", 1, 1, Patience.ENDLESS);

    private final Desk first = new Desk(SETTINGS);
    private final List<LogRecord> log = new ArrayList<>();

    private void say(long client, long sequence, ClientMessage message) {
        for (SchedulerCommand command :
                first.on(new SchedulerEvent.ClientSaid(client, sequence, message)))
            if (command instanceof SchedulerCommand.WriteDown(var entry, _)) log.add(entry);
    }

    private static Desk next(List<LogRecord> log) {
        var next = new Desk(SETTINGS, 1);
        for (LogRecord entry : log) assertThat(next.on(new SchedulerEvent.Logged(entry))).isEmpty();
        next.on(new SchedulerEvent.TookOver(List.of()));
        return next;
    }

    private List<LogRecord> anew() {
        Retained retained = first.state.retained();
        var anew = new ArrayList<LogRecord>();
        log.forEach(entry -> retained.needed(entry).ifPresent(anew::add));
        anew.addAll(retained.heard());
        anew.addAll(retained.shared());
        return anew;
    }

    private static ClientNotice answered(long request, CoordinationAnswer answer) {
        return new ClientNotice.Answered(request, answer);
    }

    @Test
    void the_next_scheduler_knows_who_holds_and_who_waits() {
        var value = Bytes.of(new byte[] {1});
        say(HOLDER, 1, new ClientMessage.Asked(1, LOCK));
        say(HOLDER, 2, new ClientMessage.AnswersTaken(List.of(1L)));
        say(WAITER, 1, new ClientMessage.Asked(1, LOCK));
        say(
                WAITER,
                2,
                new ClientMessage.Asked(
                        2, new CoordinationRequest.Put("q", 1, value, Patience.ENDLESS)));

        for (List<LogRecord> records : List.of(log, anew())) {
            Desk next = next(records);

            var told = Desk.notices(next.on(new SchedulerEvent.ClientAttached(WAITER, List.of())));
            assertThat(told)
                    .containsExactly(
                            new ClientNotice.Accepted(2),
                            answered(2, new CoordinationAnswer.Done()));
            var released =
                    Desk.notices(
                            next.on(
                                    new SchedulerEvent.ClientSaid(
                                            HOLDER,
                                            3,
                                            new ClientMessage.Asked(
                                                    0,
                                                    new CoordinationRequest.Release(
                                                            Kind.LOCK, "l", 1)))));
            assertThat(released).contains(answered(1, new CoordinationAnswer.Count(2)));
        }
    }

    @Test
    void a_client_that_has_gone_holds_nothing_of_the_next_scheduler() {
        say(HOLDER, 1, new ClientMessage.Asked(1, LOCK));
        for (SchedulerCommand command : first.on(new SchedulerEvent.ClientLost(HOLDER)))
            if (command instanceof SchedulerCommand.WriteDown(var entry, _)) log.add(entry);

        for (List<LogRecord> records : List.of(log, anew())) {
            Desk next = next(records);

            var told =
                    Desk.notices(
                            next.on(
                                    new SchedulerEvent.ClientSaid(
                                            WAITER, 1, new ClientMessage.Asked(1, LOCK))));

            assertThat(told).contains(answered(1, new CoordinationAnswer.Count(2)));
        }
    }
}
