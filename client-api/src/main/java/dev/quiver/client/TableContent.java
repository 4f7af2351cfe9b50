package dev.quiver.client;

import dev.quiver.columnar.Chunk;
import dev.quiver.error.Unavailable;
import dev.quiver.error.UserLine;
import dev.quiver.worker.store.TaskOutput;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/// The chunks of a table, as long as it is open. Apart from the table, so that it can be freed when
/// nobody can reach the table any more.
final class TableContent implements AutoCloseable {
    private final List<TaskOutput> outputs;
    private final List<Chunk> chunks;
    private final long[] starts;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Runnable end;
    private boolean closed;

    /// Takes the outputs over.
    ///
    /// @param end is run once, when it closes
    TableContent(List<TaskOutput> outputs, Runnable end) {
        this.outputs = List.copyOf(outputs);
        this.chunks =
                outputs.stream()
                        .flatMap(o -> o.chunks().stream())
                        .filter(c -> c.rows() > 0)
                        .toList();
        this.starts = new long[chunks.size() + 1];
        for (int i = 0; i < chunks.size(); i++) starts[i + 1] = starts[i] + chunks.get(i).rows();
        this.end = end;
    }

    long rowCount() {
        return starts[chunks.size()];
    }

    int chunkCount() {
        return chunks.size();
    }

    /// The number of a chunk's first row.
    long start(int chunk) {
        return starts[chunk];
    }

    /// The chunk that has row `index`.
    int chunkOf(long index) {
        int low = 0;
        int high = chunks.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (starts[middle] <= index) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    /// Valid inside [#read].
    Chunk chunk(int index) {
        return chunks.get(index);
    }

    /// The outputs, each with a share for the caller.
    List<TaskOutput> share() {
        return read(() -> outputs.stream().map(TaskOutput::retain).toList());
    }

    /// Reads while nobody closes it.
    ///
    /// @throws Unavailable when it was closed
    <T> T read(Supplier<T> reading) {
        lock.readLock().lock();
        try {
            if (closed)
                throw new Unavailable(
                        "the table is closed",
                        UserLine.here().map(line -> List.of("read at: " + line)).orElse(List.of()),
                        "read it before close(), which the session's close does too; or copy what"
                                + " you need, as with longs(…) or as(Record.class)");
            return reading.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    boolean isClosed() {
        lock.readLock().lock();
        try {
            return closed;
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (closed) return;
            closed = true;
            outputs.forEach(TaskOutput::close);
        } finally {
            lock.writeLock().unlock();
        }
        end.run();
    }
}
