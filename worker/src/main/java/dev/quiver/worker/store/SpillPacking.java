package dev.quiver.worker.store;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Packs bytes in blocks, each a frame of Zstandard (RFC 8878) of its own. Nothing of the counted
/// memory is used.
final class SpillPacking {
    /// Bytes of a block; the last one of a part has fewer.
    static final int BLOCK_BYTES = 1 << 20;

    /// The fastest of those that pack more than repetitions.
    static final int LEVEL = 1;

    private final MemorySegment packed;

    /// @param arena of the room for a packed block
    SpillPacking(Arena arena) {
        packed = arena.allocate(Zstd.compressBound(BLOCK_BYTES));
    }

    /// A block, packed; valid until the next one is.
    MemorySegment pack(MemorySegment block) {
        long size =
                Zstd.compressUnsafe(
                        packed.address(),
                        packed.byteSize(),
                        block.address(),
                        block.byteSize(),
                        LEVEL);
        if (Zstd.isError(size)) throw new IllegalStateException("zstd: " + Zstd.getErrorName(size));
        return packed.asSlice(0, size);
    }

    /// Unpacks a block.
    ///
    /// @param to as long as the block was
    /// @throws IOException when the bytes aren't those that were packed
    static void unpack(MemorySegment block, MemorySegment to) throws IOException {
        long size =
                Zstd.decompressUnsafe(
                        to.address(), to.byteSize(), block.address(), block.byteSize());
        if (Zstd.isError(size))
            throw new IOException("it isn't as it was packed: " + Zstd.getErrorName(size));
        if (size != to.byteSize())
            throw new IOException("a block has %d bytes of %d".formatted(size, to.byteSize()));
    }
}
