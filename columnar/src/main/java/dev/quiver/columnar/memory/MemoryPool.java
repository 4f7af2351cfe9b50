package dev.quiver.columnar.memory;

import dev.quiver.error.MemoryRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/// A budget of bytes and the memory that it counts: off-heap buffers out of 2 MiB-aligned slabs,
/// and reservations for what lives elsewhere (hash tables on the heap, decompression windows).
///
/// Thread-safe. Memory comes back dirty: whoever needs zeros asks for them. Slabs are kept for
/// reuse until the pool is closed or [#trim] is called.
public final class MemoryPool implements AutoCloseable {
    private final long limitBytes;

    /// What is in use, and what others were given of the budget.
    private final AtomicLong usedBytes = new AtomicLong();

    private final AtomicLong lentBytes = new AtomicLong();
    private final AtomicLong peakBytes = new AtomicLong();
    private final List<MemoryRelief> reliefs = new CopyOnWriteArrayList<>();
    private final BlockAllocator blocks = new BlockAllocator();

    /// @param limitBytes what may be in use at once, blocks counted whole
    public MemoryPool(long limitBytes) {
        if (limitBytes <= 0)
            throw new IllegalArgumentException("limitBytes=%d, must be > 0".formatted(limitBytes));
        this.limitBytes = limitBytes;
    }

    /// An account that allocates in the name of `owner`, limited by the pool alone.
    public MemoryAccount account(Owner owner) {
        return new MemoryAccount(this, owner, false, Checkpoint.NONE);
    }

    /// As [#account], but the account knows its buffers, so that those that a failure left behind
    /// can be given back at once, and stops its owner's work when that isn't wanted any more.
    public MemoryAccount attempt(Owner owner, Checkpoint checkpoint) {
        return new MemoryAccount(this, owner, true, checkpoint);
    }

    /// The budget, without what was lent.
    public long limitBytes() {
        return limitBytes - lentBytes.get();
    }

    /// Bytes counted now.
    public long usedBytes() {
        return usedBytes.get() - lentBytes.get();
    }

    /// Takes `bytes` out of the budget, for a pool of its own, until [#takeBack].
    ///
    /// @return false when the budget doesn't have them left
    public synchronized boolean lend(long bytes) {
        if (!tryTake(bytes)) return false;
        lentBytes.addAndGet(bytes);
        return true;
    }

    /// Puts back what was lent.
    public synchronized void takeBack(long bytes) {
        lentBytes.addAndGet(-bytes);
        release(bytes);
    }

    /// The most that was counted at once since the pool began or [#resetPeak].
    public long peakBytes() {
        return peakBytes.get();
    }

    public void resetPeak() {
        peakBytes.set(usedBytes());
    }

    /// Counts `bytes` if the budget has them.
    boolean tryReserve(long bytes) {
        if (!tryTake(bytes)) return false;
        peakBytes.accumulateAndGet(usedBytes(), Math::max);
        return true;
    }

    private boolean tryTake(long bytes) {
        while (true) {
            long used = usedBytes.get();
            if (bytes > limitBytes - used) return false;
            if (usedBytes.compareAndSet(used, used + bytes)) return true;
        }
    }

    /// As [#tryReserve], but before it says no it asks those who can free something.
    boolean tryReserveWithRelief(long bytes) {
        if (tryReserve(bytes)) return true;
        for (MemoryRelief relief : reliefs)
            while (relief.relieve()) if (tryReserve(bytes)) return true;
        return false;
    }

    /// Has `relief` asked before a wish is refused.
    public void addRelief(MemoryRelief relief) {
        reliefs.add(relief);
    }

    /// Ends what [#addRelief] began.
    public void removeRelief(MemoryRelief relief) {
        reliefs.remove(relief);
    }

    void release(long bytes) {
        long left = usedBytes.addAndGet(-bytes);
        if (left < 0)
            throw new IllegalStateException("released %d bytes too many".formatted(-left));
    }

    BlockAllocator blocks() {
        return blocks;
    }

    MemoryRefused refuse(Owner owner, long bytes) {
        var details = new ArrayList<String>();
        details.add("operator: " + owner.operator());
        details.add("asked: %d bytes".formatted(bytes));
        reliefs.stream()
                .flatMap(relief -> relief.trouble().stream())
                .distinct()
                .forEach(details::add);
        return new MemoryRefused(
                "%s asked for %s, but the budget of %s has %s left"
                        .formatted(
                                owner,
                                ByteSize.text(bytes),
                                ByteSize.text(limitBytes()),
                                ByteSize.text(Math.max(0, limitBytes - usedBytes.get()))),
                details,
                "give more memory, as in Options.defaults().memory(\"8GB\"); or read fewer columns,"
                        + " filter earlier, or close tables and persisted frames you no longer"
                        + " need");
    }

    /// Gives memory that nothing uses back to the operating system.
    public void trim() {
        blocks.trim();
    }

    /// Gives all memory back.
    ///
    /// @throws IllegalStateException when something is still counted: a leak
    @Override
    public void close() {
        if (usedBytes.get() != 0)
            throw new IllegalStateException(
                    "the memory pool closes with %d bytes in use".formatted(usedBytes.get()));
        blocks.close();
    }
}
