package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.kernel.Concat;
import dev.quiver.columnar.memory.MemoryAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Keeps the first rows. A small part of a chunk is copied, since whoever keeps it would keep the
/// memory of all of the chunk with it.
final class LimitStep implements Step {
    /// Parts with fewer rows than one in so many are copied.
    private static final int COPIED_SHARE = 2;

    private final MemoryAccount account;
    private long left;

    LimitStep(long rows, MemoryAccount account) {
        this.left = rows;
        this.account = account;
    }

    @Override
    public void accept(Chunk chunk, Consumer<Chunk> out) {
        if (left == 0) return;
        int rows = (int) Math.min(left, chunk.rows());
        left -= rows;
        if (rows == chunk.rows()) out.accept(chunk.retain());
        else if (rows > chunk.rows() / COPIED_SHARE) out.accept(chunk.slice(0, rows));
        else out.accept(copy(chunk, rows));
    }

    private Chunk copy(Chunk chunk, int rows) {
        var columns = new ArrayList<Column>();
        try {
            for (Column column : chunk.columns())
                columns.add(
                        Concat.column(
                                column.type(), List.of(new Concat.Span(column, 0, rows)), account));
            return new Chunk(chunk.schema(), columns, rows);
        } catch (RuntimeException | Error e) {
            columns.forEach(Column::close);
            throw e;
        }
    }

    @Override
    public boolean isSatisfied() {
        return left == 0;
    }
}
