package dev.quiver.cluster.data;

import dev.quiver.worker.store.CopyStore;

/// Hears of the end of a request: exactly one of these, once, from any thread.
public interface OutputReceiver {
    /// @param copy taken over
    void arrived(CopyStore.Copy copy);

    /// @param why in a sentence
    void unavailable(String why);

    /// The peer is about to have it.
    default void coming() {
        unavailable("the worker doesn't hold it yet");
    }

    /// Another worker has it, or will have it soon. Comes only when the wish named its reader.
    default void elsewhere(int worker) {
        unavailable("worker %d holds it".formatted(worker));
    }
}
