package dev.quiver.worker.store;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Holds copies of other workers' outputs, by task, attempt and slice. Thread-safe.
public final class CopyStore implements AutoCloseable {
    /// Which output, or which slice of one.
    ///
    /// @param slice −1 for the whole
    public record Key(int stage, int partition, int attempt, int slice) {}

    /// What is held: it has an owner here, and each that is handed out has one of its own.
    public sealed interface Copy permits TaskOutput, ObjectBytes {
        /// Adds an owner.
        Copy retain();

        /// Takes an owner away.
        void close();

        /// Bytes that it takes.
        long bytes();
    }

    private final Map<Key, Copy> copies = new HashMap<>();
    private long bytes;
    private boolean closed;

    /// Holds a copy, which is taken over. One that is here already stays and the new one goes.
    public synchronized void put(Key key, Copy copy) {
        if (closed || copies.containsKey(key)) {
            copy.close();
            return;
        }
        copies.put(key, copy);
        bytes += copy.bytes();
    }

    /// The copy, of which the caller owns a share; null when it isn't here.
    public synchronized @Nullable Copy find(Key key) {
        Copy copy = copies.get(key);
        return copy == null ? null : copy.retain();
    }

    public synchronized boolean holds(Key key) {
        return copies.containsKey(key);
    }

    /// Lets a copy go; false when it isn't here.
    public synchronized boolean drop(Key key) {
        Copy copy = copies.remove(key);
        if (copy == null) return false;
        bytes -= copy.bytes();
        copy.close();
        return true;
    }

    /// Bytes of all that is held.
    public synchronized long bytes() {
        return bytes;
    }

    public synchronized int count() {
        return copies.size();
    }

    /// Lets everything go; what comes later goes at once.
    @Override
    public synchronized void close() {
        closed = true;
        copies.values().forEach(Copy::close);
        copies.clear();
        bytes = 0;
    }
}
