package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.kernel.Concat;
import dev.quiver.columnar.kernel.RowHash;
import dev.quiver.columnar.kernel.Scatter;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.operator.Sink;
import dev.quiver.worker.store.TaskOutput;
import java.util.ArrayList;
import java.util.List;

/// Spreads rows over buckets by the hash of the keys. Rows wait until there are enough of them for
/// chunks of some size in each bucket.
final class ExchangeSink implements SinkRun {
    private static final int ROWS_PER_BUCKET = 2048;
    private static final int ROWS_WAITING_MAX = 1 << 20;

    private final List<Evaluation> keys;
    private final MemoryAccount account;
    private final RowHash hash = new RowHash();
    private final List<List<Chunk>> buckets = new ArrayList<>();
    private final List<Chunk> waiting = new ArrayList<>();
    private final int rowsWaitingMax;
    private long[] hashes = new long[0];
    private int rowsWaiting;

    ExchangeSink(Sink.Exchange exchange, MemoryAccount account) {
        this.keys = Evaluation.all(exchange.keys(), account);
        this.account = account;
        for (int i = 0; i < exchange.buckets(); i++) buckets.add(new ArrayList<>());
        rowsWaitingMax =
                (int) Math.min(ROWS_WAITING_MAX, (long) exchange.buckets() * ROWS_PER_BUCKET);
    }

    @Override
    public void accept(Chunk chunk) {
        waiting.add(chunk.retain());
        rowsWaiting += chunk.rows();
        if (rowsWaiting >= rowsWaitingMax) spread();
    }

    private void spread() {
        if (waiting.isEmpty()) return;
        var parts = List.copyOf(waiting);
        waiting.clear();
        rowsWaiting = 0;
        try (Chunk rows = Concat.chunk(parts.getFirst().schema(), parts, account);
                Buffer numbers = account.allocate(rows.rows() * 4L)) {
            if (hashes.length < rows.rows()) hashes = new long[rows.rows()];
            List<Column> values = Evaluation.columns(keys, rows);
            try {
                hash.into(values, rows.rows(), hashes);
            } finally {
                values.forEach(Column::close);
            }
            for (int i = 0; i < rows.rows(); i++)
                numbers.segment()
                        .set(Layouts.INT, i * 4L, RowHash.bucket(hashes[i], buckets.size()));
            Scatter.rows(rows, numbers.segment(), buckets, account);
        }
    }

    @Override
    public TaskOutput finish() {
        spread();
        var slices = buckets.stream().map(List::copyOf).toList();
        buckets.clear();
        return TaskOutput.ofSlices(slices);
    }

    @Override
    public void close() {
        keys.forEach(Evaluation::close);
        buckets.forEach(bucket -> bucket.forEach(Chunk::close));
        waiting.forEach(Chunk::close);
        buckets.clear();
        waiting.clear();
    }
}
