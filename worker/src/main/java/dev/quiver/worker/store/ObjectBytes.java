package dev.quiver.worker.store;

import dev.quiver.columnar.memory.MemoryAccount;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The bytes of an object that a closure returned, counted as memory while they have an owner.
///
/// Counts its owners as buffers do: [#retain] adds one, [#close] takes one away.
public final class ObjectBytes implements CopyStore.Copy, AutoCloseable {
    /// What an array and this take beside the bytes themselves.
    private static final int OVERHEAD_BYTES = 64;

    private final byte[] bytes;
    private final MemoryAccount account;
    private final AtomicInteger owners = new AtomicInteger(1);
    private volatile @Nullable Object value;

    private ObjectBytes(byte[] bytes, MemoryAccount account) {
        this.bytes = bytes;
        this.account = account;
    }

    /// @param bytes kept, not copied
    /// @throws dev.quiver.error.MemoryRefused when the budget doesn't have them
    public static ObjectBytes counted(byte[] bytes, MemoryAccount account) {
        account.reserve(bytes.length + (long) OVERHEAD_BYTES);
        return new ObjectBytes(bytes, account);
    }

    /// The bytes themselves, to be read only.
    public byte[] array() {
        return bytes;
    }

    @Override
    public long bytes() {
        return bytes.length;
    }

    /// What was made of the bytes here; null when nothing was yet.
    public @Nullable Object value() {
        return value;
    }

    /// Keeps what was made of the bytes, for whoever reads it next.
    public void keep(Object made) {
        value = made;
    }

    @Override
    public ObjectBytes retain() {
        if (owners.getAndIncrement() <= 0)
            throw new IllegalStateException("retained after its end");
        return this;
    }

    @Override
    public void close() {
        int left = owners.decrementAndGet();
        if (left < 0) throw new IllegalStateException("closed too often");
        if (left == 0) account.release(bytes.length + (long) OVERHEAD_BYTES);
    }
}
