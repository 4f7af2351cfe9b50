package dev.quiver.cluster.data;

import dev.quiver.worker.store.CopyStore;

/// Hears of the end of a request: exactly one of the two, once, from any thread.
public interface OutputReceiver {
    /// @param copy taken over
    void arrived(CopyStore.Copy copy);

    /// @param why in a sentence
    void unavailable(String why);
}
