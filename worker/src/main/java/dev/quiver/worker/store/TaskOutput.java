package dev.quiver.worker.store;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.kernel.JoinTable;
import dev.quiver.columnar.kernel.SortedRun;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// What a pipeline made of one partition: chunks, cut in slices, or an object that other pipelines
/// read.
///
/// Counts its owners as buffers do: [#retain] adds one, [#close] takes one away, the last gives the
/// memory back. Safe to read from many threads.
public final class TaskOutput implements CopyStore.Copy, AutoCloseable {
    private sealed interface Content {
        record Slices(List<List<Chunk>> slices) implements Content {}

        record Slice(int index, List<Chunk> chunks) implements Content {}

        record Table(JoinTable table) implements Content {}

        record Run(SortedRun run) implements Content {}
    }

    private final Content content;
    private final long rows;
    private final long bytes;
    private final AtomicInteger owners = new AtomicInteger(1);
    private volatile List<FileNote> notes = List.of();

    private TaskOutput(Content content, long rows, long bytes) {
        this.content = content;
        this.rows = rows;
        this.bytes = bytes;
    }

    /// Chunks by slice, taken over.
    public static TaskOutput ofSlices(List<? extends List<Chunk>> slices) {
        List<List<Chunk>> copied = slices.stream().map(List::copyOf).toList();
        long rows = 0;
        long bytes = 0;
        for (List<Chunk> slice : copied) {
            for (Chunk chunk : slice) {
                rows += chunk.rows();
                bytes += chunk.bytes();
            }
        }
        return new TaskOutput(new Content.Slices(copied), rows, bytes);
    }

    /// Chunks in one slice, taken over.
    public static TaskOutput ofChunks(List<Chunk> chunks) {
        return ofSlices(List.of(chunks));
    }

    /// The chunks of one slice out of an output's, taken over.
    ///
    /// @param index which slice it is; only that one can be read
    public static TaskOutput ofSlice(int index, List<Chunk> chunks) {
        long rows = 0;
        long bytes = 0;
        for (Chunk chunk : chunks) {
            rows += chunk.rows();
            bytes += chunk.bytes();
        }
        return new TaskOutput(new Content.Slice(index, List.copyOf(chunks)), rows, bytes);
    }

    /// A join's table, taken over.
    public static TaskOutput ofTable(JoinTable table) {
        return new TaskOutput(new Content.Table(table), table.rows(), table.bytes());
    }

    /// A sorted run, taken over.
    public static TaskOutput ofRun(SortedRun run) {
        return new TaskOutput(new Content.Run(run), run.rows(), run.bytes());
    }

    /// What gates wrote on the way to this output; whoever makes the output says it, before others
    /// see it.
    public TaskOutput withNotes(List<FileNote> written) {
        notes = List.copyOf(written);
        return this;
    }

    public List<FileNote> notes() {
        return notes;
    }

    public long rows() {
        return rows;
    }

    /// Bytes of the values, as `Chunk.bytes` counts them.
    @Override
    public long bytes() {
        return bytes;
    }

    /// How many slices there are; 1 for an object.
    public int sliceCount() {
        return content instanceof Content.Slices(var slices) ? slices.size() : 1;
    }

    /// How many rows each slice has; an object is a slice of its own.
    public long[] sliceRows() {
        if (!(content instanceof Content.Slices(var slices))) return new long[] {rows};
        return slices.stream().mapToLong(s -> s.stream().mapToLong(Chunk::rows).sum()).toArray();
    }

    /// The chunks of one slice, still this output's own.
    public List<Chunk> slice(int index) {
        if (content instanceof Content.Slice(int held, var chunks)) {
            if (held == index) return chunks;
            throw new IllegalStateException("slice %d asked of slice %d".formatted(index, held));
        }
        return slices().get(index);
    }

    /// The chunks of all slices in order, still this output's own. A sorted run gives its rows in
    /// order.
    public List<Chunk> chunks() {
        if (content instanceof Content.Run(var run)) return run.chunks();
        return slices().stream().flatMap(List::stream).toList();
    }

    private List<List<Chunk>> slices() {
        return switch (content) {
            case Content.Slices(var slices) -> slices;
            case Content.Slice(_, var chunks) -> List.of(chunks);
            case Content.Run(var run) -> List.of(run.chunks());
            case Content.Table _ ->
                    throw new IllegalStateException("chunks asked of a join's table");
        };
    }

    /// The join's table, still this output's own.
    public JoinTable table() {
        if (content instanceof Content.Table(var table)) return table;
        throw new IllegalStateException("a join's table asked of chunks");
    }

    /// The sorted run, still this output's own.
    public SortedRun run() {
        if (content instanceof Content.Run(var run)) return run;
        throw new IllegalStateException("a sorted run asked of other output");
    }

    /// Whether it is a join's table.
    public boolean isTable() {
        return content instanceof Content.Table;
    }

    /// Whether it has more than one owner.
    boolean isShared() {
        return owners.get() > 1;
    }

    /// Whether it is a sorted run.
    public boolean isRun() {
        return content instanceof Content.Run;
    }

    /// Adds an owner.
    @Override
    public TaskOutput retain() {
        if (owners.getAndIncrement() <= 0)
            throw new IllegalStateException("retained after its end");
        return this;
    }

    @Override
    public void close() {
        int left = owners.decrementAndGet();
        if (left > 0) return;
        if (left < 0) throw new IllegalStateException("closed too often");
        switch (content) {
            case Content.Slices(var slices) -> slices.forEach(slice -> slice.forEach(Chunk::close));
            case Content.Slice(_, var chunks) -> chunks.forEach(Chunk::close);
            case Content.Table(var table) -> table.close();
            case Content.Run(var run) -> run.close();
        }
    }
}
