package dev.quiver.scheduler.server;

import dev.quiver.protocol.ClientNotice;
import dev.quiver.scheduler.state.SchedulerEvent;
import java.util.function.Consumer;

/// All clients of a scheduler. All methods are called by one thread at a time and must neither
/// block nor throw nor run code of the user's.
public interface SchedulerClients {
    /// Hands over everything that clients want to say, in order, and who of them has come or gone.
    /// Called at the beginning and at the end of each batch of events, so that what many threads
    /// asked for since goes in as few messages as possible.
    void speak(Consumer<SchedulerEvent> scheduler);

    /// Takes a notice in for a client, who may have gone.
    void hear(long client, ClientNotice notice);

    /// The scheduler broke one of its own rules, or may not go on, and is of no use any more.
    void broken(Throwable cause);

    /// The only client of a scheduler.
    static SchedulerClients only(SchedulerClient client) {
        return new SchedulerClients() {
            @Override
            public void speak(Consumer<SchedulerEvent> scheduler) {
                client.speak(message -> scheduler.accept(new SchedulerEvent.ClientSaid(message)));
            }

            @Override
            public void hear(long number, ClientNotice notice) {
                client.hear(notice);
            }

            @Override
            public void broken(Throwable cause) {
                client.broken(cause);
            }
        };
    }
}
