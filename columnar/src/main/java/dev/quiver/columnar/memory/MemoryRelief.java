package dev.quiver.columnar.memory;

import java.util.Optional;

/// Who can free some of a pool's memory when it runs short. Called by any thread that wants memory.
@FunctionalInterface
public interface MemoryRelief {
    /// Frees something.
    ///
    /// @return whether it did
    boolean relieve();

    /// Why it can't free what it should be able to, in a few words; empty when all is well.
    default Optional<String> trouble() {
        return Optional.empty();
    }
}
