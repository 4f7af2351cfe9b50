package dev.quiver.scheduler.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.Inbox;
import dev.quiver.scheduler.state.SchedulerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class SchedulerShellTest {
    private final List<Throwable> ends = new ArrayList<>();
    private final SchedulerShell scheduler =
            new SchedulerShell(
                    SchedulerSettings.LOCAL,
                    new Client(),
                    System::nanoTime,
                    _ -> {},
                    Inbox.Relief.NONE);

    private final class Client implements SchedulerClient {
        @Override
        public void speak(Consumer<ClientMessage> said) {}

        @Override
        public void hear(ClientNotice notice) {}

        @Override
        public void broken(Throwable cause) {
            ends.add(cause);
        }
    }

    @Test
    void a_journal_that_fails_is_told_nothing_any_more_and_the_scheduler_goes_on() {
        var told = new ArrayList<String>();
        scheduler.tell((event, _) -> {
            told.add("failing");
            throw new IllegalStateException("the page is full: " + event);
        });
        scheduler.tell((_, _) -> told.add("other"));

        scheduler.nudge();
        scheduler.nudge();

        assertThat(scheduler.<Integer>ask(state -> state.stages().size())).isZero();
        assertThat(ends).isEmpty();
        assertThat(told).startsWith("failing", "other", "other").containsOnlyOnce("failing");
    }
}
