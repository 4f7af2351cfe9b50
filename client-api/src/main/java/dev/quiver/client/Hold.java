package dev.quiver.client;

import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Kind;
import java.util.concurrent.atomic.AtomicBoolean;

/// What somebody holds of a [NamedLock] or [NamedSemaphore], until it is closed or its session has
/// ended.
///
/// A session on a cluster that can't be reached for its lease has ended for others, even if its
/// process goes on for a while, and what it held is given to the next. Who writes to something
/// outside of the cluster therefore says [#token] along, and what is written to refuses a token
/// that is smaller than one that it has seen.
public final class Hold implements AutoCloseable {
    private final Coordination coordination;
    private final Kind kind;
    private final String name;
    private final long token;
    private final AtomicBoolean closed = new AtomicBoolean();

    Hold(Coordination coordination, Kind kind, String name, long token) {
        this.coordination = coordination;
        this.kind = kind;
        this.name = name;
        this.token = token;
    }

    /// A number greater than that of every hold before, of whatever name.
    public long token() {
        return token;
    }

    /// Gives it back. Closing again does nothing.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true))
            coordination.tell(new CoordinationRequest.Release(kind, name, token));
    }

    @Override
    public String toString() {
        return "Hold[%s '%s', token %d]".formatted(kind.text(), name, token);
    }
}
