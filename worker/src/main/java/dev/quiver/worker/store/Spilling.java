package dev.quiver.worker.store;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Where a store puts what there is no memory for.
///
/// @param account of what comes back from files, and of whose pool the ladder tells
/// @param ladder when things go before a wish for memory is refused
record Spilling(SpillDirectory directory, MemoryAccount account, MemoryLadder ladder) {
    /// Why nothing can be written there; empty while it can.
    Optional<String> trouble() {
        return directory.trouble().map(trouble -> "spilling: " + trouble);
    }

    /// Has the oldest go as long as more is in memory than the ladder wants.
    ///
    /// @param spillOldest false when there is nothing, or it can't be written
    void keepWithinLadder(BooleanSupplier spillOldest) {
        MemoryPool pool = account.pool();
        long wanted = ladder.toSpill(pool.usedBytes(), pool.limitBytes());
        long before = pool.usedBytes();
        while (before - pool.usedBytes() < wanted) if (!spillOldest.getAsBoolean()) return;
    }
}
