package dev.quiver.columnar.kernel;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import java.lang.foreign.MemorySegment;

/// A growing array of 64-bit cells, one a group, in counted memory.
final class Cells implements AutoCloseable {
    private final MemoryAccount account;
    private final long first;
    private Buffer buffer;
    private MemorySegment segment;
    private int size;

    /// @param first what new cells hold
    Cells(long first, MemoryAccount account) {
        this.first = first;
        this.account = account;
        this.buffer = account.allocate(1024);
        this.segment = buffer.segment();
    }

    void grow(int count) {
        if (count <= size) return;
        if (count * 8L > buffer.capacityBytes())
            buffer =
                    account.grow(
                            buffer, size * 8L, Math.max(count * 8L, buffer.capacityBytes() * 2));
        segment = buffer.segment();
        if (first == 0) segment.asSlice(size * 8L, (count - size) * 8L).fill((byte) 0);
        else for (int i = size; i < count; i++) segment.set(Layouts.LONG, i * 8L, first);
        size = count;
    }

    int size() {
        return size;
    }

    MemorySegment segment() {
        return segment;
    }

    long get(int index) {
        return segment.get(Layouts.LONG, index * 8L);
    }

    void set(int index, long value) {
        segment.set(Layouts.LONG, index * 8L, value);
    }

    @Override
    public void close() {
        buffer.close();
    }
}
