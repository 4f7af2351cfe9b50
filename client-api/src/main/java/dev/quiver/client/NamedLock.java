package dev.quiver.client;

import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Kind;
import dev.quiver.protocol.CoordinationRequest.Patience;
import java.time.Duration;
import java.util.Optional;

/// A lock that one at a time holds, of all sessions and tasks that name it.
///
/// ```java
/// try (Hold hold = q.lock("ledger").acquire()) {
///     ledger.append(row, hold.token());
/// }
/// ```
///
/// Who came first gets it first. It belongs to the hold, not to a thread: it can't be acquired
/// again by who holds it, and any thread may close the hold. A task that waits for it gives its
/// slot to others.
public final class NamedLock {
    private final Coordination coordination;
    private final String name;

    NamedLock(Coordination coordination, String name) {
        this.coordination = coordination;
        this.name = Coordination.requireName(Kind.LOCK, name);
    }

    /// Waits until nobody else holds it.
    ///
    /// @return to be closed
    /// @throws QuiverException CANCELLED when the thread is interrupted; it isn't held then
    /// @throws Unavailable when the session ends
    public Hold acquire() {
        return hold(Coordination.number(coordination.ask(request(Patience.ENDLESS))));
    }

    /// Doesn't wait.
    ///
    /// @return empty when somebody else holds it
    public Optional<Hold> tryAcquire() {
        return tryAcquire(Duration.ZERO);
    }

    /// @param patience how long to wait at most
    /// @return empty when somebody else has held it all that time
    /// @throws QuiverException as [#acquire]
    public Optional<Hold> tryAcquire(Duration patience) {
        return coordination
                .ask(patience, this::request)
                .map(answer -> hold(Coordination.number(answer)));
    }

    /// Whether somebody holds it now.
    public boolean isHeld() {
        return coordination.number(new CoordinationRequest.CountFree(Kind.LOCK, name, 1)) == 0;
    }

    private CoordinationRequest.Waiting request(Patience patience) {
        return new CoordinationRequest.Acquire(Kind.LOCK, name, 1, 1, patience);
    }

    private Hold hold(long token) {
        return new Hold(coordination, Kind.LOCK, name, token);
    }

    @Override
    public String toString() {
        return "NamedLock['%s']".formatted(name);
    }
}
