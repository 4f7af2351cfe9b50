package dev.quiver.client;

import dev.quiver.error.QuiverException;
import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Kind;

/// A number that all sessions and tasks that name it add to. It begins at 0, and stays when
/// sessions end.
///
/// ```java
/// q.map(file -> Quiver.current().counter("rows").add(load(file)), files);
/// ```
///
/// A task that runs again because its worker was lost adds again.
public final class NamedCounter {
    private final Coordination coordination;
    private final String name;

    NamedCounter(Coordination coordination, String name) {
        this.coordination = coordination;
        this.name = Coordination.requireName(Kind.COUNTER, name);
    }

    /// Adds; a negative number takes away.
    ///
    /// @return what it stands at then
    /// @throws QuiverException OVERFLOW when that is beyond 64 bits; it stands as before
    public long add(long delta) {
        return coordination.number(new CoordinationRequest.Add(name, delta));
    }

    /// What it stands at.
    public long get() {
        return add(0);
    }

    /// @return what it stood at before
    public long set(long value) {
        return coordination.number(new CoordinationRequest.SetCounter(name, value));
    }

    @Override
    public String toString() {
        return "NamedCounter['%s']".formatted(name);
    }
}
