package dev.quiver.client;

import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.dataframe.ChunkSize;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.ChunkLimits;
import java.util.List;

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
        if (text.isEmpty()) return Long.MAX_VALUE;
        long bytes = ByteSize.parse(text);
        if (bytes > 0) return bytes;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "a chunk of '%s'".formatted(text),
                List.of(),
                "give a positive size such as \"16MB\"");
    }
}
