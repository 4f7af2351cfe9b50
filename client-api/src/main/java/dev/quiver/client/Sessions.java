package dev.quiver.client;

import java.util.function.Function;

/// Makes sessions for who brings a backend. Not for users.
public final class Sessions {
    private Sessions() {}

    /// Whether nothing is answered any more in a session, closed or not.
    public static boolean hasEnded(Session session) {
        return session instanceof OpenSession open && open.conversation().hasEnded();
    }

    /// A session on a backend.
    ///
    /// @param label what it says of itself
    /// @param backend is given what the session holds in this process
    public static Session open(
            String label, Options options, Function<SessionStore, Backend.Opener> backend) {
        SessionStore store = SessionStore.open(options);
        try {
            return new OpenSession(label, options, store, backend.apply(store));
        } catch (RuntimeException | Error e) {
            store.close();
            throw e;
        }
    }
}
