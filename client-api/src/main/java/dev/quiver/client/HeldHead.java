package dev.quiver.client;

import dev.quiver.columnar.Chunk;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.scheduler.server.FirstRows;
import dev.quiver.scheduler.server.FrameHead;
import dev.quiver.worker.store.ChunkStore;
import java.util.List;

/// The first rows of a frame that is held in this process. Of its partitions no more are read than
/// have them.
final class HeldHead {
    static final FirstRows GONE =
            new FirstRows.Missing("It isn’t there any more: it was withdrawn or released.");

    private final ChunkStore store;
    private final LogicalPlan.Held frame;

    HeldHead(ChunkStore store, LogicalPlan.Held frame) {
        this.store = store;
        this.frame = frame;
    }

    FirstRows read() {
        List<ChunkStore.Size> sizes = store.heldSizes(frame.id());
        var rows = new HeadRows(frame.schema().names(), FrameHead.ROWS_MAX);
        for (int i = 0; i < sizes.size() && !rows.isFull(); i++) {
            if (sizes.get(i).rows() == 0) continue;
            List<Chunk> chunks = store.heldChunks(frame.id(), i, sizes.size());
            if (chunks == null) return GONE;
            try {
                rows.read(chunks);
            } finally {
                chunks.forEach(Chunk::close);
            }
        }
        return sizes.isEmpty() ? GONE : new FirstRows.There(rows.head());
    }
}
