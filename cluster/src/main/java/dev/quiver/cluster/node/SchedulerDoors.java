package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.error.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The way to whichever scheduler of a cluster is there. Thread-safe.
public final class SchedulerDoors implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final List<SchedulerAddress> places;
    private final Credentials credentials;
    private SchedulerClientPort port;
    private int next;
    private boolean closed;

    /// @param places where a scheduler may be
    /// @param credentials what is shown to it
    public SchedulerDoors(List<SchedulerAddress> places, Credentials credentials) {
        this.places = List.copyOf(places);
        this.credentials = credentials;
        this.port = new SchedulerClientPort(places.getFirst(), credentials);
    }

    private synchronized SchedulerClientPort port() {
        return port;
    }

    /// Another connection to who answered last; the caller closes it.
    public SchedulerClientPort open() {
        return new SchedulerClientPort(port().address(), credentials);
    }

    /// Asks whoever is there; while nobody is, again and again.
    ///
    /// @param patience for how long; each place is tried once in any case
    /// @throws dev.quiver.error.QuiverException as the scheduler says; UNAVAILABLE when nobody
    ///   answers
    public <A extends Answer> A ask(Question question, Class<A> expected, Duration patience) {
        long from = System.nanoTime();
        for (int tries = 1; ; tries++) {
            SchedulerClientPort asked = port();
            try {
                return asked.ask(question, expected);
            } catch (Unavailable e) {
                boolean late = System.nanoTime() - from >= patience.toNanos();
                if (isClosed() || late && tries >= places.size()) throw e;
                if (tries >= places.size()) pause(e);
                move(asked);
            }
        }
    }

    private static void pause(Unavailable last) {
        try {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw last;
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /// Goes on to the next place, unless another thread has.
    private synchronized void move(SchedulerClientPort from) {
        if (closed || port != from) return;
        next = (next + 1) % places.size();
        port = new SchedulerClientPort(places.get(next), credentials);
        from.retire();
    }

    @Override
    public synchronized void close() {
        closed = true;
        port.close();
    }
}
