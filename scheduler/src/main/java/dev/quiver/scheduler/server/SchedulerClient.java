package dev.quiver.scheduler.server;

import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import java.util.function.Consumer;

/// The client of a scheduler in its own process. All methods are called by one thread at a time and
/// must neither block nor throw nor run code of the user's.
public interface SchedulerClient {
    /// Hands over everything that the client wants to say, in order. Called at the beginning and at
    /// the end of each batch of events, so that what many threads asked for since goes in as few
    /// messages as possible.
    void speak(Consumer<ClientMessage> scheduler);

    /// Takes a notice in.
    void hear(ClientNotice notice);

    /// The scheduler broke one of its own rules and is of no use any more.
    void broken(Throwable cause);
}
