package dev.quiver.client;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.scheduler.server.FrameHead;
import dev.quiver.worker.store.ChunkStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The first rows of a frame that is held in this process. Of its partitions no more are read than
/// have them.
final class HeldHead {
    private final ChunkStore store;
    private final LogicalPlan.Held frame;
    private final List<String> columns;

    HeldHead(ChunkStore store, LogicalPlan.Held frame) {
        this.store = store;
        this.frame = frame;
        List<String> names = frame.schema().names();
        this.columns = names.subList(0, Math.min(FrameHead.COLUMNS_MAX, names.size()));
    }

    /// Empty when the frame isn't held any more.
    Optional<FrameHead> read() {
        List<ChunkStore.Size> sizes = store.heldSizes(frame.id());
        var rows = new ArrayList<List<Optional<String>>>();
        for (int i = 0; i < sizes.size() && rows.size() < FrameHead.ROWS_MAX; i++) {
            if (sizes.get(i).rows() == 0) continue;
            List<Chunk> chunks = store.heldChunks(frame.id(), i, sizes.size());
            if (chunks == null) return Optional.empty();
            try {
                for (Chunk chunk : chunks) read(chunk, rows);
            } finally {
                chunks.forEach(Chunk::close);
            }
        }
        return sizes.isEmpty() ? Optional.empty() : Optional.of(new FrameHead(columns, rows));
    }

    private void read(Chunk chunk, List<List<Optional<String>>> rows) {
        for (int row = 0; row < chunk.rows() && rows.size() < FrameHead.ROWS_MAX; row++) {
            var texts = new ArrayList<Optional<String>>();
            for (String column : columns)
                texts.add(FrameHead.text(ColumnValues.get(chunk.column(column), row)));
            rows.add(texts);
        }
    }
}
