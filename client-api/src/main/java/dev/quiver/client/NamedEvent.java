package dev.quiver.client;

import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Kind;
import dev.quiver.protocol.CoordinationRequest.Patience;
import java.time.Duration;

/// Something that has happened or hasn't, for all sessions and tasks that name it.
///
/// ```java
/// q.event("tables are there").set();                 // here
/// Quiver.current().event("tables are there").await(); // in tasks
/// ```
///
/// It stays set, also when the session ends that has set it, until somebody clears it.
public final class NamedEvent {
    private final Coordination coordination;
    private final String name;

    NamedEvent(Coordination coordination, String name) {
        this.coordination = coordination;
        this.name = Coordination.requireName(Kind.EVENT, name);
    }

    /// Lets all go on that await it, and all that will.
    public void set() {
        var _ = coordination.ask(new CoordinationRequest.SetEvent(name));
    }

    /// From now on it is waited for again.
    public void clear() {
        var _ = coordination.ask(new CoordinationRequest.ClearEvent(name));
    }

    public boolean isSet() {
        return await(Duration.ZERO);
    }

    /// Waits until it is set.
    ///
    /// @throws QuiverException CANCELLED when the thread is interrupted
    /// @throws Unavailable when the session ends
    public void await() {
        var _ = coordination.ask(new CoordinationRequest.AwaitEvent(name, Patience.ENDLESS));
    }

    /// @param patience how long to wait at most
    /// @return false when it wasn't set in that time
    /// @throws QuiverException as [#await()]
    public boolean await(Duration patience) {
        return coordination
                .ask(patience, waiting -> new CoordinationRequest.AwaitEvent(name, waiting))
                .isPresent();
    }

    @Override
    public String toString() {
        return "NamedEvent['%s']".formatted(name);
    }
}
