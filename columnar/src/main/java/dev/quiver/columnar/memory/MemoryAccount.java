package dev.quiver.columnar.memory;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Allocates and reserves in the name of one owner. Thread-safe.
///
/// Buffers may outlive the account (chunks travel on); what was merely reserved goes back at
/// [#close].
public final class MemoryAccount implements AutoCloseable {
    private final MemoryPool pool;
    private final Owner owner;
    private final AtomicLong reservedBytes = new AtomicLong();

    /// Buffers that have an owner; null when they aren't tracked.
    private final @Nullable Set<Buffer> live;

    private final Checkpoint checkpoint;

    MemoryAccount(MemoryPool pool, Owner owner, boolean tracked, Checkpoint checkpoint) {
        this.pool = pool;
        this.owner = owner;
        this.live = tracked ? ConcurrentHashMap.newKeySet() : null;
        this.checkpoint = checkpoint;
    }

    public Owner owner() {
        return owner;
    }

    public MemoryPool pool() {
        return pool;
    }

    /// For long loops, at least every [Checkpoint#ROWS] rows: throws when the owner's work isn't
    /// wanted any more.
    ///
    /// @throws dev.quiver.error.Cancelled then
    public void checkpoint() {
        checkpoint.check();
    }

    /// A buffer of at least `bytes`, whose content is undefined. The caller owns it.
    ///
    /// @throws dev.quiver.error.MemoryRefused when the budget doesn't have them
    /// @throws dev.quiver.error.Cancelled as [#checkpoint]
    public Buffer allocate(long bytes) {
        checkpoint.check();
        long blockBytes = BlockAllocator.blockBytes(bytes);
        if (!pool.tryReserveWithRelief(blockBytes)) throw pool.refuse(owner, blockBytes);
        try {
            MemorySegment block = pool.blocks().allocate(blockBytes);
            var buffer = new Buffer(pool, owner, block, live == null ? null : this);
            if (live != null) live.add(buffer);
            return buffer;
        } catch (RuntimeException | Error e) {
            pool.release(blockBytes);
            throw e;
        }
    }

    /// A buffer of at least `bytes`, all zero.
    public Buffer allocateZeroed(long bytes) {
        Buffer buffer = allocate(bytes);
        buffer.segment().fill((byte) 0);
        return buffer;
    }

    /// Buffers of at least so many bytes each, as by [#allocate]: all of them or none.
    public List<Buffer> allocateAll(long... bytes) {
        var buffers = new ArrayList<Buffer>(bytes.length);
        try {
            for (long one : bytes) buffers.add(allocate(one));
            return buffers;
        } catch (RuntimeException | Error e) {
            buffers.forEach(Buffer::close);
            throw e;
        }
    }

    /// A buffer of at least `bytes` that begins with the first `keptBytes` of `old`, which is
    /// closed. On refusal `old` stays as it was.
    public Buffer grow(Buffer old, long keptBytes, long bytes) {
        if (bytes <= old.capacityBytes()) return old;
        Buffer grown = allocate(bytes);
        MemorySegment.copy(old.segment(), 0, grown.segment(), 0, keptBytes);
        old.close();
        return grown;
    }

    /// Counts `bytes` that live outside buffers.
    ///
    /// @throws dev.quiver.error.MemoryRefused when the budget doesn't have them
    public void reserve(long bytes) {
        if (!pool.tryReserveWithRelief(bytes)) throw pool.refuse(owner, bytes);
        reservedBytes.addAndGet(bytes);
    }

    /// As [#reserve], but says false instead. Never waits.
    public boolean tryReserve(long bytes) {
        if (!pool.tryReserve(bytes)) return false;
        reservedBytes.addAndGet(bytes);
        return true;
    }

    /// Gives reserved bytes back.
    public void release(long bytes) {
        reservedBytes.addAndGet(-bytes);
        pool.release(bytes);
    }

    void forget(Buffer buffer) {
        if (live != null) live.remove(buffer);
    }

    /// Ends every buffer of this account that is still in use: after a failure, when nothing that
    /// was made will be used by anyone. Only for accounts of [MemoryPool#attempt].
    public void abandon() {
        if (live == null) throw new IllegalStateException("not the account of an attempt");
        live.forEach(Buffer::abandon);
        live.clear();
    }

    /// Gives back all that is still reserved. Buffers are not touched.
    @Override
    public void close() {
        pool.release(reservedBytes.getAndSet(0));
    }
}
