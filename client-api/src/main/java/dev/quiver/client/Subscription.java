package dev.quiver.client;

import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.CoordinationAnswer;
import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Patience;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;

/// One who listens to a [NamedTopic], until it is closed or its session has ended. Values come in
/// the order in which they were published. Safe for use by several threads: each value goes to one
/// of them.
public final class Subscription<T> implements AutoCloseable {
    private final Coordination coordination;
    private final String name;
    private final long number;
    private final ArrayDeque<Bytes> here = new ArrayDeque<>();
    private long position;
    private long missed;
    private boolean closed;

    Subscription(Coordination coordination, String name, long number) {
        this.coordination = coordination;
        this.name = name;
        this.number = number;
    }

    /// The next value; waits until there is one.
    ///
    /// @throws QuiverException CANCELLED when the thread is interrupted; the value comes again then
    /// @throws Unavailable when the session has ended, or this was closed
    public T next() {
        while (true) {
            Optional<T> there = next(Duration.ofDays(1));
            if (there.isPresent()) return there.get();
        }
    }

    /// @param patience how long to wait at most
    /// @return empty when nothing was published in that time
    /// @throws QuiverException as [#next()]
    public Optional<T> next(Duration patience) {
        long from = System.nanoTime();
        while (true) {
            Optional<T> known = take();
            if (known.isPresent()) return known;
            long position = position();
            Duration left = patience.minusNanos(System.nanoTime() - from);
            Optional<CoordinationAnswer> answer =
                    coordination.ask(left, waiting -> request(position, waiting));
            if (answer.isEmpty()) return Optional.empty();
            accept(position, answer.get());
        }
    }

    private CoordinationRequest.Waiting request(long from, Patience patience) {
        return new CoordinationRequest.Next(name, number, from, patience);
    }

    private synchronized long position() {
        return position;
    }

    /// Several threads may have asked for the same.
    private synchronized void accept(long from, CoordinationAnswer answer) {
        if (!(answer instanceof CoordinationAnswer.Values(long next, long more, var values)))
            throw new IllegalStateException("no values: " + answer);
        if (position != from) return;
        here.addAll(values);
        missed += more;
        position = next;
    }

    @SuppressWarnings("unchecked") // all who name the topic mean the same
    private Optional<T> take() {
        Bytes next;
        synchronized (this) {
            next = here.poll();
        }
        return next == null ? Optional.empty() : Optional.of((T) coordination.opened(next));
    }

    /// How many values were dropped until now because this listened too slowly.
    public synchronized long missed() {
        return missed;
    }

    /// Listens no more. Closing again does nothing.
    @Override
    public void close() {
        synchronized (this) {
            if (closed) return;
            closed = true;
        }
        coordination.tell(new CoordinationRequest.Unsubscribe(name, number));
    }

    @Override
    public String toString() {
        return "Subscription['%s']".formatted(name);
    }
}
