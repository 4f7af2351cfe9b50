package dev.quiver.client;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.kernel.Concat;
import dev.quiver.columnar.kernel.RowMeter;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.dataframe.Chunks;
import dev.quiver.dataframe.Table;
import dev.quiver.operator.ChunkLimits;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.TaskOutput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The rows of a run in tables of a size; each is closed when the next is asked for.
final class StreamedChunks implements Chunks {
    private final StreamedRows.PartitionSource source;
    private final Schema schema;
    private final ChunkLimits limits;
    private final MemoryAccount account;
    private final Function<TaskOutput, Table> tables;
    private final RowMeter meter;

    /// What came and isn't given yet; the first of it from row `from` on.
    private final Deque<Chunk> waiting = new ArrayDeque<>();

    private int from;
    private int partition;
    private @Nullable Table given;
    private boolean iterated;
    private boolean closed;

    /// @param account pays for rows that are copied; taken over
    /// @param tables makes a table of an output, which is taken over
    StreamedChunks(
            StreamedRows.PartitionSource source,
            Schema schema,
            ChunkLimits limits,
            MemoryAccount account,
            Function<TaskOutput, Table> tables) {
        this.source = source;
        this.schema = schema;
        this.limits = limits;
        this.account = account;
        this.tables = tables;
        this.meter = new RowMeter(limits);
    }

    @Override
    public Iterator<Table> iterator() {
        if (iterated)
            throw new IllegalStateException(
                    "chunks(…) was iterated already; call it again on the frame for another run");
        iterated = true;
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                boolean found = !closed && hasRows();
                if (!found) close();
                return found;
            }

            @Override
            public Table next() {
                if (!hasNext()) throw new NoSuchElementException("after the last chunk");
                closeGiven();
                Table table = tables.apply(TaskOutput.ofChunks(nextRows()));
                given = table;
                return table;
            }
        };
    }

    /// Whether rows wait; takes partitions until some do.
    private boolean hasRows() {
        while (waiting.isEmpty()) {
            if (partition == source.partitions()) return false;
            TaskOutput output = source.take(partition++);
            if (output == null) continue;
            try (output) {
                for (Chunk chunk : output.chunks())
                    if (chunk.rows() > 0) waiting.add(chunk.retain());
            }
        }
        return true;
    }

    private List<Chunk> nextRows() {
        var parts = new ArrayList<Chunk>();
        meter.next();
        try {
            while (hasRows()) {
                Chunk first = waiting.element();
                int count = meter.take(first, from);
                if (count == 0) break;
                parts.add(Concat.range(first, from, count, account));
                from += count;
                if (from < first.rows()) continue;
                waiting.remove().close();
                from = 0;
            }
            if (limits.memoryBytes() == Long.MAX_VALUE) return parts;
            // Parts keep the memory of all that they are parts of.
            var whole = List.copyOf(parts);
            parts.clear();
            return List.of(Concat.copy(schema, whole, account));
        } catch (RuntimeException | Error e) {
            parts.forEach(Chunk::close);
            throw e;
        }
    }

    private void closeGiven() {
        Table before = given;
        given = null;
        if (before != null) before.close();
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        closeGiven();
        waiting.forEach(Chunk::close);
        waiting.clear();
        source.close();
        account.close();
    }
}
