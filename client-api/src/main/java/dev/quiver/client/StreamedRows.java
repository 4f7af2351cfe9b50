package dev.quiver.client;

import dev.quiver.columnar.Chunk;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Rows;
import dev.quiver.error.Unavailable;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.TaskOutput;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// The rows of a run, partition by partition; each is freed when the next is asked for.
final class StreamedRows implements Rows {
    private final PartitionSource source;
    private final Schema schema;
    private @Nullable TaskOutput output;
    private List<Chunk> chunks = List.of();
    private int partition;
    private int chunk;
    private int row = -1;
    private long index = -1;
    private boolean iterated;
    private boolean closed;

    /// Where partitions come from, in order.
    interface PartitionSource extends AutoCloseable {
        int partitions();

        /// Waits for a partition, which becomes the caller's; null when it has no rows.
        @Nullable TaskOutput take(int partition);

        @Override
        void close();
    }

    StreamedRows(PartitionSource source, Schema schema) {
        this.source = source;
        this.schema = schema;
    }

    @Override
    public Iterator<Row> iterator() {
        if (iterated)
            throw new IllegalStateException(
                    "rows() was iterated already; call it again on the frame for another run");
        iterated = true;
        return new Iterator<>() {
            private boolean looked;
            private boolean found;

            @Override
            public boolean hasNext() {
                if (!looked) found = advance();
                looked = true;
                return found;
            }

            @Override
            public Row next() {
                if (!hasNext()) throw new NoSuchElementException("after the last row");
                looked = false;
                return new ChunkRow(schema, access(chunks.get(chunk), index), row, index);
            }
        };
    }

    /// A row is valid until the next one is asked for.
    private ChunkRow.Access access(Chunk current, long valid) {
        return new ChunkRow.Access() {
            @Override
            @SuppressWarnings("NullAway") // T says itself whether it may be null
            public <T extends @Nullable Object> T read(Function<Chunk, T> reading) {
                if (!closed && index == valid) return reading.apply(current);
                throw new Unavailable(
                        "row %d of rows() was read after the next one was asked for"
                                .formatted(valid),
                        List.of(),
                        "copy what you need while you are at the row, or use collect()");
            }
        };
    }

    private boolean advance() {
        if (closed) return false;
        row++;
        index++;
        while (true) {
            if (chunk < chunks.size() && row < chunks.get(chunk).rows()) return true;
            row = 0;
            if (++chunk < chunks.size()) continue;
            free();
            if (partition == source.partitions()) {
                close();
                return false;
            }
            TaskOutput next = source.take(partition++);
            output = next;
            chunks = next == null ? List.of() : next.chunks();
            chunk = 0;
        }
    }

    private void free() {
        if (output != null) output.close();
        output = null;
        chunks = List.of();
        chunk = 0;
    }

    @Override
    public Stream<Row> stream() {
        return StreamSupport.stream(spliterator(), false).onClose(this::close);
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        free();
        source.close();
    }
}
