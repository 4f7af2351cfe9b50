package dev.quiver.dashboard;

import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.scheduler.server.SchedulerClient;
import java.util.Queue;
import java.util.function.Consumer;

/// A client that says what a test gives it, and hears nothing.
record SayingClient(Queue<ClientMessage> saying) implements SchedulerClient {
    @Override
    public void speak(Consumer<ClientMessage> said) {
        for (var m = saying.poll(); m != null; m = saying.poll()) said.accept(m);
    }

    @Override
    public void hear(ClientNotice notice) {}

    @Override
    public void broken(Throwable cause) {
        throw new AssertionError(cause);
    }
}
