package dev.quiver.client;

import dev.quiver.error.Unavailable;
import dev.quiver.planner.SourceCatalog;
import dev.quiver.worker.store.ChunkStore;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The frames whose chunks a session keeps: rows of the user's objects, tables, persisted frames.
final class HeldFrames implements SourceCatalog {
    private final ChunkStore store;
    private final AtomicLong count = new AtomicLong();

    HeldFrames(ChunkStore store) {
        this.store = store;
    }

    /// A name that no other held frame has.
    String newId(String kind) {
        return kind + "-" + count.incrementAndGet();
    }

    @Override
    public HeldChunks held(String id) {
        if (!store.holds(id))
            throw new Unavailable(
                    "the rows of '%s' are gone: it was released or closed".formatted(id),
                    List.of(),
                    "use the frame before release() or the table's close(), or make it again");
        List<Part> parts =
                store.heldSizes(id).stream().map(s -> new Part(s.rows(), s.bytes())).toList();
        return new SessionChunks(parts);
    }
}
