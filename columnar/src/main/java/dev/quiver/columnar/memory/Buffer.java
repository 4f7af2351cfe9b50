package dev.quiver.columnar.memory;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Counted off-heap memory with a number of owners.
///
/// Who allocates owns; [#retain] adds an owner, [#close] takes one away, the last gives the memory
/// back. A buffer's content is written by its allocator before anyone else sees it and never after.
public final class Buffer implements AutoCloseable {
    private final MemoryPool pool;
    private final Owner owner;
    private final MemorySegment segment;

    /// The buffer that this one is a part of.
    private final @Nullable Buffer whole;

    /// Who hears of the end; null when nobody wants to.
    private final @Nullable MemoryAccount account;

    private final AtomicInteger owners = new AtomicInteger(1);

    Buffer(MemoryPool pool, Owner owner, MemorySegment segment, @Nullable MemoryAccount account) {
        this.pool = pool;
        this.account = account;
        this.owner = owner;
        this.segment = segment;
        this.whole = null;
    }

    private Buffer(Buffer whole, MemorySegment part) {
        this.pool = whole.pool;
        this.owner = whole.owner;
        this.segment = part;
        this.whole = whole;
        this.account = null;
    }

    /// What a buffer of at least `bytes` counts.
    public static long capacityBytes(long bytes) {
        return BlockAllocator.blockBytes(bytes);
    }

    /// The memory: valid while the buffer has an owner.
    public MemorySegment segment() {
        return segment;
    }

    public long capacityBytes() {
        return segment.byteSize();
    }

    public Owner owner() {
        return owner;
    }

    /// Adds an owner.
    public Buffer retain() {
        if (owners.getAndIncrement() <= 0)
            throw new IllegalStateException("retained after its end: a buffer of " + owner);
        return this;
    }

    /// A view of `bytes` from `offset` on, which keeps the whole alive; the caller owns the view.
    public Buffer slice(long offset, long bytes) {
        MemorySegment part = segment.asSlice(offset, bytes);
        retain();
        return new Buffer(this, part);
    }

    @Override
    public void close() {
        int left = owners.decrementAndGet();
        if (left > 0) return;
        if (left < 0) throw new IllegalStateException("closed too often: a buffer of " + owner);
        if (whole != null) {
            whole.close();
            return;
        }
        if (account != null) account.forget(this);
        free();
    }

    /// Ends the buffer whoever still owns it.
    void abandon() {
        if (owners.getAndSet(Integer.MIN_VALUE >> 1) > 0) free();
    }

    private void free() {
        pool.blocks().free(segment);
        pool.release(segment.byteSize());
    }
}
