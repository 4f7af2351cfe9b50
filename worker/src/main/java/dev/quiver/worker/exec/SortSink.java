package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.kernel.SortedRun;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.operator.OrderBy;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.TaskOutput;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Sorts a partition: all of its rows, or those that come first.
///
/// For the first rows, whenever some times more rows than that have gathered, those that can't be
/// among them go.
final class SortSink implements SinkRun {
    private static final long ROWS_GATHERED_MIN = 4L * Chunk.ROWS;

    private final List<OrderBy> order;
    private final long rowsMax;
    private final MemoryAccount account;
    private final List<Evaluation> keys;
    private final KeptRows kept;
    private @Nullable Schema schema;

    /// @param rowsMax how many rows are wanted; `Long.MAX_VALUE` for a whole run
    SortSink(List<OrderBy> order, long rowsMax, MemoryAccount account) {
        this.order = order;
        this.rowsMax = rowsMax;
        this.account = account;
        this.keys = Evaluation.all(order.stream().map(OrderBy::expression).toList(), account);
        this.kept = new KeptRows(account);
    }

    @Override
    public void accept(Chunk chunk) {
        if (rowsMax == 0) return;
        schema = chunk.schema();
        kept.add(chunk);
        if (rowsMax > Integer.MAX_VALUE / 4) return;
        if (kept.rows() < Math.max(ROWS_GATHERED_MIN, 3 * rowsMax)) return;
        try (SortedRun run = sorted()) {
            run.chunks().forEach(kept::add);
        }
    }

    private SortedRun sorted() {
        try (Chunk rows = kept.take(Objects.requireNonNull(schema))) {
            int rowsWanted = (int) Math.min(rowsMax, rows.rows());
            List<Column> values = Evaluation.columns(keys, rows);
            try {
                return SortedRun.of(rows, values, order, rowsWanted, account);
            } finally {
                values.forEach(Column::close);
            }
        }
    }

    @Override
    public TaskOutput finish() {
        if (kept.isEmpty()) return TaskOutput.ofChunks(List.of());
        SortedRun run = sorted();
        if (rowsMax == Long.MAX_VALUE) return TaskOutput.ofRun(run);
        try (run) {
            run.chunks().forEach(Chunk::retain);
            return TaskOutput.ofChunks(run.chunks());
        }
    }

    @Override
    public void close() {
        keys.forEach(Evaluation::close);
        kept.close();
    }
}
