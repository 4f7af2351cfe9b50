package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.kernel.Concat;
import dev.quiver.columnar.kernel.Nulls;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;

/// Chunks that a sink holds until it has seen all.
final class KeptRows implements AutoCloseable {
    private final MemoryAccount account;
    private final List<Chunk> chunks = new ArrayList<>();
    private long rows;
    private long bytes;

    KeptRows(MemoryAccount account) {
        this.account = account;
    }

    void add(Chunk chunk) {
        chunks.add(chunk.retain());
        rows += chunk.rows();
        bytes += chunk.bytes();
    }

    long rows() {
        return rows;
    }

    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return chunks.isEmpty();
    }

    /// All rows in one chunk, which the caller owns; nothing is kept any more.
    ///
    /// @param schema of the chunk when there was none
    Chunk take(Schema schema) {
        var parts = List.copyOf(chunks);
        chunks.clear();
        rows = 0;
        bytes = 0;
        if (parts.isEmpty()) return Nulls.empty(schema, account);
        return Concat.chunk(parts.getFirst().schema(), parts, account);
    }

    @Override
    public void close() {
        chunks.forEach(Chunk::close);
        chunks.clear();
    }
}
