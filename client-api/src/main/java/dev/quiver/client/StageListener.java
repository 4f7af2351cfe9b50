package dev.quiver.client;

import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.Failure.Kind;

/// Who hears what becomes of a stage. Called by one thread at a time, which must not be held up.
interface StageListener {
    void hear(ClientNotice notice);

    /// The session ends or is broken: nothing will be heard any more.
    void abandon(Failure failure);

    /// The scheduler didn't take in what was submitted.
    default void refused(String why) {
        throw new IllegalStateException(why);
    }

    /// Why everything ends when a session closes.
    static Failure closed() {
        return new Failure(Kind.CANCELLED, "the session was closed");
    }
}
