package dev.quiver.client;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.scheduler.server.FrameHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The first rows of chunks that are read one after the other, as texts. Not for users. For one
/// thread.
public final class HeadRows {
    private final List<String> columns;
    private final int most;
    private final List<List<Optional<String>>> rows = new ArrayList<>();

    /// @param names of all columns, of which the first are read
    /// @param most so many rows are read at most
    public HeadRows(List<String> names, int most) {
        this.columns = List.copyOf(names.subList(0, Math.min(FrameHead.COLUMNS_MAX, names.size())));
        this.most = Math.min(FrameHead.ROWS_MAX, most);
    }

    /// Whether no more rows are wanted.
    public boolean isFull() {
        return rows.size() >= most;
    }

    /// Reads what is still wanted.
    ///
    /// @param chunks stay the caller's
    public void read(List<Chunk> chunks) {
        for (Chunk chunk : chunks) read(chunk);
    }

    private void read(Chunk chunk) {
        for (int row = 0; row < chunk.rows() && !isFull(); row++) {
            var texts = new ArrayList<Optional<String>>();
            for (String column : columns)
                texts.add(FrameHead.text(ColumnValues.get(chunk.column(column), row)));
            rows.add(texts);
        }
    }

    /// What was read.
    public FrameHead head() {
        return new FrameHead(columns, rows);
    }
}
