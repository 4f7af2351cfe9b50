package dev.quiver.columnar.memory;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/// Allocates and reserves in the name of one owner. Thread-safe.
///
/// Buffers may outlive the account (chunks travel on); what was merely reserved goes back at
/// [#close].
public final class MemoryAccount implements AutoCloseable {
    private final MemoryPool pool;
    private final Owner owner;
    private final AtomicLong reservedBytes = new AtomicLong();

    MemoryAccount(MemoryPool pool, Owner owner) {
        this.pool = pool;
        this.owner = owner;
    }

    public Owner owner() {
        return owner;
    }

    public MemoryPool pool() {
        return pool;
    }

    /// A buffer of at least `bytes`, whose content is undefined. The caller owns it.
    ///
    /// @throws dev.quiver.error.MemoryRefused when the budget doesn't have them
    public Buffer allocate(long bytes) {
        long blockBytes = BlockAllocator.blockBytes(bytes);
        if (!pool.tryReserve(blockBytes)) throw pool.refuse(owner, blockBytes);
        try {
            return new Buffer(pool, owner, pool.blocks().allocate(blockBytes));
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
        if (!tryReserve(bytes)) throw pool.refuse(owner, bytes);
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

    /// Gives back all that is still reserved. Buffers are not touched.
    @Override
    public void close() {
        pool.release(reservedBytes.getAndSet(0));
    }
}
