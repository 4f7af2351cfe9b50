package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.MemoryAccount;

/// What an expression is evaluated over.
///
/// @param account pays for results and what lies between
record Input(Chunk chunk, MemoryAccount account) {
    int rows() {
        return chunk.rows();
    }

    /// Words of a bitmap over the rows.
    int words() {
        return (chunk.rows() + 63) >> 6;
    }
}
