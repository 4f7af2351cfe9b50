package dev.quiver.io.parquet;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.MemoryAccount;
import java.lang.foreign.MemorySegment;

/// Counted bytes that grow at their end.
final class ByteSink implements AutoCloseable {
    private static final long BYTES_FIRST = 4096;

    private final MemoryAccount account;
    private Buffer buffer;
    private long size;

    ByteSink(MemoryAccount account) {
        this.account = account;
        this.buffer = account.allocate(BYTES_FIRST);
    }

    long size() {
        return size;
    }

    /// The bytes, and room behind them.
    MemorySegment segment() {
        return buffer.segment();
    }

    /// Makes room for `bytes` more.
    ///
    /// @return the memory; writing begins at [#size]
    MemorySegment room(long bytes) {
        long needed = size + bytes;
        if (needed > buffer.capacityBytes())
            buffer = account.grow(buffer, size, Math.max(needed, buffer.capacityBytes() * 2));
        return buffer.segment();
    }

    /// Says that bytes up to `end` were written.
    void end(long end) {
        size = end;
    }

    void add(MemorySegment source, long from, long bytes) {
        MemorySegment.copy(source, from, room(bytes), size, bytes);
        size += bytes;
    }

    void add(byte[] bytes) {
        add(MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    void clear() {
        size = 0;
    }

    @Override
    public void close() {
        buffer.close();
    }
}
