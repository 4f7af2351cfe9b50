package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.worker.store.TaskOutput;

/// The end of a running pipeline.
interface SinkRun extends AutoCloseable {
    /// Takes in a chunk, which stays the caller's.
    void accept(Chunk chunk);

    /// The output, which the caller owns. Called once, after the last chunk.
    TaskOutput finish();

    /// Gives back what wasn't handed out.
    @Override
    void close();
}
