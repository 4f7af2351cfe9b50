package dev.quiver.client;

import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Kind;
import dev.quiver.protocol.CoordinationRequest.Patience;
import java.time.Duration;
import java.util.Optional;

/// A number of permits, for what only so many may do at a time, of all sessions and tasks that name
/// it.
///
/// ```java
/// try (Hold hold = q.semaphore("database", 4).acquire()) {
///     rows.forEach(database::insert);
/// }
/// ```
///
/// Who came first is served first, also before who came later and wants fewer. As long as somebody
/// holds a permit or waits for one, all must name the same number.
public final class NamedSemaphore {
    private final Coordination coordination;
    private final String name;
    private final int permitsMax;

    NamedSemaphore(Coordination coordination, String name, int permitsMax) {
        this.coordination = coordination;
        this.name = Coordination.requireName(Kind.SEMAPHORE, name);
        this.permitsMax =
                Coordination.requirePositive("the number of permits of '" + name + "'", permitsMax);
    }

    /// Waits for a permit.
    ///
    /// @return to be closed
    /// @throws QuiverException CANCELLED when the thread is interrupted; ARGUMENT_INVALID when
    ///   others have named another number of permits
    /// @throws Unavailable when the session ends
    public Hold acquire() {
        return acquire(1);
    }

    /// Waits for permits.
    ///
    /// @throws QuiverException as [#acquire()]; ARGUMENT_INVALID when there aren't so many
    public Hold acquire(int permits) {
        return hold(Coordination.number(coordination.ask(request(permits, Patience.ENDLESS))));
    }

    /// @param patience how long to wait at most
    /// @return empty when no permit was free in that time
    /// @throws QuiverException as [#acquire()]
    public Optional<Hold> tryAcquire(Duration patience) {
        return tryAcquire(1, patience);
    }

    /// @throws QuiverException as [#acquire(int)]
    public Optional<Hold> tryAcquire(int permits, Duration patience) {
        return coordination
                .ask(patience, waiting -> request(permits, waiting))
                .map(answer -> hold(Coordination.number(answer)));
    }

    /// How many permits nobody holds now.
    public int available() {
        var question = new CoordinationRequest.CountFree(Kind.SEMAPHORE, name, permitsMax);
        return (int) coordination.number(question);
    }

    private CoordinationRequest.Waiting request(int permits, Patience patience) {
        if (permits < 1 || permits > permitsMax)
            throw Coordination.invalid(
                    "%d permits of the semaphore '%s'".formatted(permits, name),
                    "ask for 1 to " + permitsMax);
        return new CoordinationRequest.Acquire(Kind.SEMAPHORE, name, permitsMax, permits, patience);
    }

    private Hold hold(long token) {
        return new Hold(coordination, Kind.SEMAPHORE, name, token);
    }

    @Override
    public String toString() {
        return "NamedSemaphore['%s', %d]".formatted(name, permitsMax);
    }
}
