package dev.quiver.arrow;

import dev.quiver.columnar.memory.MemoryAccount;
import org.apache.arrow.memory.AllocationListener;

/// Counts what an allocator of Arrow's takes to an account; gives back what is left at its end.
final class CountedAllocation implements AllocationListener, AutoCloseable {
    private final MemoryAccount account;
    private long counted;

    CountedAllocation(MemoryAccount account) {
        this.account = account;
    }

    /// @throws dev.quiver.error.MemoryRefused when the budget doesn't have it
    @Override
    public synchronized void onPreAllocation(long size) {
        account.reserve(size);
        counted += size;
    }

    @Override
    public synchronized void onRelease(long size) {
        // what came by a transfer from another allocator wasn't counted here
        long given = Math.min(size, counted);
        account.release(given);
        counted -= given;
    }

    @Override
    public synchronized void close() {
        account.release(counted);
        counted = 0;
    }
}
