package dev.quiver.columnar.memory;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Off-heap memory with a number of owners: counted, or a part of what somebody else has, such as a
/// mapped file.
///
/// Who allocates owns; [#retain] adds an owner, [#close] takes one away, the last gives the memory
/// back. A buffer's content is written by its allocator before anyone else sees it and never after.
public final class Buffer implements AutoCloseable {
    /// Where the memory was counted; null for a part of something else.
    private final @Nullable MemoryPool pool;

    private final Owner owner;
    private final MemorySegment segment;

    /// What hears of the end of this one, which is a part of it.
    private final @Nullable Runnable whole;

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

    private Buffer(Owner owner, MemorySegment part, Runnable whole) {
        this.pool = null;
        this.owner = owner;
        this.segment = part;
        this.whole = whole;
        this.account = null;
    }

    /// A view of memory that isn't counted here, such as pages of a mapped file.
    ///
    /// @param owner in whose name
    /// @param part valid until `end` was called
    /// @param end called once, when the buffer has no owner any more
    public static Buffer of(Owner owner, MemorySegment part, Runnable end) {
        return new Buffer(owner, part, end);
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
        return new Buffer(owner, part, this::close);
    }

    @Override
    public void close() {
        int left = owners.decrementAndGet();
        if (left > 0) return;
        if (left < 0) throw new IllegalStateException("closed too often: a buffer of " + owner);
        if (whole != null) {
            whole.run();
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
        MemoryPool counting = Objects.requireNonNull(pool);
        counting.blocks().free(segment);
        counting.release(segment.byteSize());
    }
}
