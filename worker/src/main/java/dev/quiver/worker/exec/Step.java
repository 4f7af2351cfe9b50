package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import java.util.function.Consumer;

/// One operator of a running pipeline.
interface Step extends AutoCloseable {
    /// Hands the chunks that it makes of `chunk` to `out`, which owns them.
    ///
    /// @param chunk stays the caller's
    void accept(Chunk chunk, Consumer<Chunk> out);

    /// Hands on what it still has, after the last chunk.
    default void finish(Consumer<Chunk> out) {}

    /// Whether nothing that arrives from now on makes a difference.
    default boolean isSatisfied() {
        return false;
    }

    @Override
    default void close() {}
}
