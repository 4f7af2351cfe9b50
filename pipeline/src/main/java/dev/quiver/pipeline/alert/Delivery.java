package dev.quiver.pipeline.alert;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Brings messages to a channel, one after the other, in a thread of its own.
final class Delivery {
    private static final int WAITING_MAX = 1_000;
    private static final int TRIES = 4;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final int PAUSE_GROWTH = 4;

    private final AlertChannel channel;
    private final Pause pause;
    private final Listener listener;
    private final BlockingQueue<Optional<AlertMessage>> waiting =
            new LinkedBlockingQueue<>(WAITING_MAX);
    private final Thread thread;

    /// Lets time pass between tries.
    interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    /// Hears what became of a message.
    interface Listener {
        void delivered(AlertMessage message, AlertChannel channel, Optional<String> failure);
    }

    Delivery(AlertChannel channel, Pause pause, Listener listener) {
        this.channel = channel;
        this.pause = pause;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("quiver-alerts-" + channel.name()).start(this::run);
    }

    void accept(AlertMessage message) {
        if (!waiting.offer(Optional.of(message)))
            listener.delivered(
                    message, channel, Optional.of("%d wait already".formatted(WAITING_MAX)));
    }

    /// Nothing comes any more.
    void end() {
        // Where no room is left, the thread is interrupted in the end.
        var _ = waiting.offer(Optional.empty());
    }

    /// Waits until all is sent, or the time is over.
    void await(long nanos) {
        try {
            if (thread.join(Duration.ofNanos(Math.max(1, nanos)))) return;
            thread.interrupt();
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                Optional<AlertMessage> message = waiting.take();
                if (message.isEmpty()) return;
                listener.delivered(message.get(), channel, send(message.get()));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the desk closes and can't wait any longer
        }
    }

    /// @return why it couldn't be sent
    private Optional<String> send(AlertMessage message) throws InterruptedException {
        Duration rest = FIRST_PAUSE;
        for (int tried = 1; ; tried++) {
            try {
                channel.send(message);
                return Optional.empty();
            } catch (IOException e) {
                if (tried == TRIES)
                    return Optional.of("tried %d times: %s".formatted(TRIES, said(e)));
                pause.of(rest);
                rest = rest.multipliedBy(PAUSE_GROWTH);
            } catch (RuntimeException e) {
                return Optional.of(said(e));
            }
        }
    }

    private static String said(Exception thrown) {
        if (thrown instanceof dev.quiver.error.QuiverException known) return known.what();
        String text = thrown.getMessage();
        return text == null ? thrown.getClass().getSimpleName() : text.replaceAll("\\s+", " ");
    }
}
