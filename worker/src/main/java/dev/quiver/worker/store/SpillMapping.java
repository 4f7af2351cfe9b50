package dev.quiver.worker.store;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.worker.store.SpilledColumn.Part;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;

/// A spill file's pages, which the operating system reads when they are touched and drops when it
/// needs the room: they count for nobody. Its buffers keep it, but for those that are unpacked.
final class SpillMapping implements AutoCloseable {
    private static final Owner OWNER = new Owner("worker", "Spilled", -1);

    private final Arena arena;
    private final MemorySegment pages;
    private final AtomicInteger owners = new AtomicInteger(1);

    private SpillMapping(Arena arena, MemorySegment pages) {
        this.arena = arena;
        this.pages = pages;
    }

    /// @param bytes the file's length
    static SpillMapping of(Path file, long bytes) throws IOException {
        var arena = Arena.ofShared();
        boolean done = false;
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < bytes) throw new EOFException("the spill file was cut");
            MemorySegment pages = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena);
            done = true;
            return new SpillMapping(arena, pages);
        } finally {
            if (!done) arena.close();
        }
    }

    /// A buffer of the file; the caller owns it.
    ///
    /// @param account of what was packed
    /// @throws dev.quiver.error.MemoryRefused when there is no room to unpack it
    Buffer buffer(Part part, MemoryAccount account) throws IOException {
        return part.isPacked() ? unpacked(part, account) : mapped(part);
    }

    private Buffer unpacked(Part part, MemoryAccount account) throws IOException {
        Buffer buffer = account.allocate(part.bytes());
        boolean done = false;
        try {
            MemorySegment to = buffer.segment();
            long from = part.at();
            long unpacked = 0;
            for (int size : part.blocks()) {
                long count = Math.min(SpillPacking.BLOCK_BYTES, part.values() - unpacked);
                SpillPacking.unpack(pages.asSlice(from, size), to.asSlice(unpacked, count));
                from += size;
                unpacked += count;
            }
            to.asSlice(unpacked, part.bytes() - unpacked).fill((byte) 0);
            done = true;
            return buffer;
        } finally {
            if (!done) buffer.close();
        }
    }

    private Buffer mapped(Part part) {
        long bytes = -(-Math.max(1, part.bytes()) & -SpilledColumn.ALIGNMENT);
        MemorySegment slice = pages.asSlice(part.at(), bytes);
        retain();
        return Buffer.of(OWNER, slice, this::close);
    }

    SpillMapping retain() {
        if (owners.getAndIncrement() <= 0)
            throw new IllegalStateException("retained after its end");
        return this;
    }

    @Override
    public void close() {
        if (owners.decrementAndGet() == 0) arena.close();
    }
}
