package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.io.ChunkReader;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gives chunks that are in memory.
final class ChunkListReader implements ChunkReader {
    private final ArrayDeque<Chunk> left;
    private long bytesRead;

    /// @param chunks each with a share, taken over
    ChunkListReader(List<Chunk> chunks) {
        this.left = new ArrayDeque<>(chunks);
    }

    @Override
    public @Nullable Chunk next() {
        Chunk chunk = left.poll();
        if (chunk != null) bytesRead += chunk.bytes();
        return chunk;
    }

    @Override
    public long bytesRead() {
        return bytesRead;
    }

    @Override
    public void close() {
        left.forEach(Chunk::close);
        left.clear();
    }
}
