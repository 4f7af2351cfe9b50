package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.io.ChunkReader;
import dev.quiver.io.RowOrigins;
import dev.quiver.io.UnreadableRows;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Reads the partitions of a source one after the other, each opened when the one before has ended.
final class TurnReader implements ChunkReader {
    private final IntFunction<ChunkReader> open;
    private final int partitions;
    private @Nullable ChunkReader current;
    private boolean watched;
    private Optional<UnreadableRows> unreadable = Optional.empty();
    private int opened;
    private long bytesBefore;

    TurnReader(int partitions, IntFunction<ChunkReader> open) {
        this.partitions = partitions;
        this.open = open;
    }

    @Override
    public @Nullable Chunk next() {
        while (true) {
            ChunkReader reader = current;
            if (reader != null) {
                Chunk chunk = reader.next();
                if (chunk != null) return chunk;
                bytesBefore += reader.bytesRead();
                current = null;
                reader.close();
            }
            if (opened == partitions) return null;
            reader = open.apply(opened++);
            current = reader;
            if (watched) reader.watch(unreadable);
        }
    }

    @Override
    public void watch(Optional<UnreadableRows> to) {
        watched = true;
        unreadable = to;
    }

    @Override
    public RowOrigins origins() {
        return current == null ? RowOrigins.UNKNOWN : current.origins();
    }

    @Override
    public long bytesRead() {
        return bytesBefore + (current == null ? 0 : current.bytesRead());
    }

    @Override
    public void close() {
        if (current != null) current.close();
        current = null;
    }
}
