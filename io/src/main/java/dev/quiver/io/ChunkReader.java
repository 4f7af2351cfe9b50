package dev.quiver.io;

import dev.quiver.columnar.Chunk;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Gives the chunks of one partition of a source, in order, to one thread.
///
/// Opened by the format's own class, which names the source and the partition. Readers hold counted
/// memory from their opening to [#close], which is called always, also after an error.
public interface ChunkReader extends AutoCloseable {
    /// The next chunk, which the caller owns; null at the end, and at every call after it. A chunk
    /// may have fewer than [Chunk#ROWS] rows, never none.
    ///
    /// @throws dev.quiver.error.QuiverException naming file, line or row group, and column
    @Nullable Chunk next();

    /// Bytes of the source that were read so far, for progress.
    long bytesRead();

    /// Makes the reader remember where rows come from, and tell rows that it can't read instead of
    /// throwing. Called before the first [#next], or never. A reader that can do neither throws as
    /// before.
    ///
    /// @param unreadable is told the unreadable rows of a chunk before it is given; empty for a
    ///   reader that is to throw
    default void watch(Optional<UnreadableRows> unreadable) {}

    /// Where the rows of the chunk given last come from; unknown unless [#watch] was called, and to
    /// readers that don't know.
    default RowOrigins origins() {
        return RowOrigins.UNKNOWN;
    }

    @Override
    void close();
}
