package dev.quiver.io;

import dev.quiver.columnar.Chunk;

/// Writes chunks into one file under a temporary name, in one thread.
///
/// Closing a writer that wasn't finished deletes its file: nothing half-written stays.
public interface ChunkWriter extends AutoCloseable {
    /// Writes the chunk's rows behind those before. The chunk stays the caller's.
    ///
    /// @throws dev.quiver.error.QuiverException (IO_FAILED) naming the file
    void append(Chunk chunk);

    /// Writes what is left and closes the file. Its content may still be on the way to the disk:
    /// [WholeFile#force] brings it there.
    ///
    /// @return what was written
    FileWritten finish();

    @Override
    void close();
}
