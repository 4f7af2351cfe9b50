package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import java.util.function.Consumer;

/// Keeps the first rows.
final class LimitStep implements Step {
    private long left;

    LimitStep(long rows) {
        this.left = rows;
    }

    @Override
    public void accept(Chunk chunk, Consumer<Chunk> out) {
        if (left == 0) return;
        int rows = (int) Math.min(left, chunk.rows());
        left -= rows;
        out.accept(rows == chunk.rows() ? chunk.retain() : chunk.slice(0, rows));
    }

    @Override
    public boolean isSatisfied() {
        return left == 0;
    }
}
