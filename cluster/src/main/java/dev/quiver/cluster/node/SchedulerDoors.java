package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The way to whichever scheduler of a cluster is there. Who is asked may know of others.
/// Thread-safe.
public final class SchedulerDoors implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(200);

    /// So long schedulers may take to agree on one of them, which then begins.
    private static final Duration ELECTION = Duration.ofSeconds(30);

    private final Credentials credentials;
    private List<SchedulerAddress> places;
    private SchedulerClientPort port;
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

    /// Schedulers may be at these places too.
    public synchronized void learn(List<SchedulerAddress> more) {
        var all = new LinkedHashSet<>(places);
        all.addAll(more);
        places = List.copyOf(all);
    }

    private synchronized int count() {
        return places.size();
    }

    /// Another connection to who answered last; the caller closes it.
    public SchedulerClientPort open() {
        return new SchedulerClientPort(port().address(), credentials);
    }

    /// Asks whoever is there; while nobody is, again and again.
    ///
    /// @param patience for how long; each place is tried once in any case, and where schedulers
    ///   answer that none of them is active they have time to agree on one
    /// @throws dev.quiver.error.QuiverException as the scheduler says; UNAVAILABLE when nobody
    ///   answers
    public <A extends Answer> A ask(Question question, Class<A> expected, Duration patience) {
        long from = System.nanoTime();
        for (int tries = 1; ; tries++) {
            SchedulerClientPort asked = port();
            try {
                return asked.ask(question, expected);
            } catch (StandingBy e) {
                learn(e.schedulers());
                giveUp(tries, from, patience.plus(ELECTION), e);
                move(asked, e.active().orElseGet(() -> after(asked)));
            } catch (Unavailable e) {
                giveUp(tries, from, patience, e);
                move(asked, after(asked));
            }
        }
    }

    /// Once nobody has answered for long enough; else waits a little after each round.
    private void giveUp(int tries, long from, Duration patience, QuiverException last) {
        boolean late = System.nanoTime() - from >= patience.toNanos();
        int round = count();
        if (isClosed() || late && tries >= round) throw last;
        if (tries >= round) pause(last);
    }

    private static void pause(QuiverException last) {
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

    private synchronized SchedulerAddress after(SchedulerClientPort asked) {
        return places.get((places.indexOf(asked.address()) + 1) % places.size());
    }

    /// Goes on to another place, unless another thread has.
    private synchronized void move(SchedulerClientPort from, SchedulerAddress next) {
        if (closed || port != from) return;
        port = new SchedulerClientPort(next, credentials);
        from.retire();
    }

    @Override
    public synchronized void close() {
        closed = true;
        port.close();
    }
}
