package dev.quiver.worker.store;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.MemoryRelief;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Where a store puts what there is no memory for.
///
/// @param account of what comes back from files, and of whose pool the ladder tells
/// @param ladder when things go before a wish for memory is refused
/// @param before is asked for memory before something is put into a file
record Spilling(
        SpillDirectory directory, MemoryAccount account, MemoryLadder ladder, MemoryRelief before) {
    /// Nothing is asked before.
    Spilling(SpillDirectory directory, MemoryAccount account, MemoryLadder ladder) {
        this(directory, account, ladder, () -> false);
    }

    /// Why nothing can be written there; empty while it can.
    Optional<String> trouble() {
        return directory.trouble().map(trouble -> "spilling: " + trouble);
    }

    /// Has the oldest go as long as more is in memory than the ladder wants.
    ///
    /// @param relieve false when there is nothing, or it can't be written
    void keepWithinLadder(BooleanSupplier relieve) {
        MemoryPool pool = account.pool();
        long wanted = ladder.toSpill(pool.usedBytes(), pool.limitBytes());
        long before = pool.usedBytes();
        while (before - pool.usedBytes() < wanted) if (!relieve.getAsBoolean()) return;
    }
}
