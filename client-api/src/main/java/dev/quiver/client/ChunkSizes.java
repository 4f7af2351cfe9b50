package dev.quiver.client;

import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.dataframe.ChunkSize;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.ChunkLimits;

/// Sizes of chunks in numbers.
final class ChunkSizes {
    private ChunkSizes() {}

    /// @throws QuiverException ARGUMENT_INVALID when a text isn't a size, or a size of nothing
    static ChunkLimits limits(ChunkSize size) {
        return new ChunkLimits(
                size.rows() == 0 ? Long.MAX_VALUE : size.rows(),
                bytes(size.bytes()),
                bytes(size.memory()));
    }

    private static long bytes(String text) {
        return text.isEmpty() ? Long.MAX_VALUE : ByteSize.positive("a chunk", text);
    }
}
