package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.kernel.Concat;
import dev.quiver.columnar.kernel.RowMeter;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.ChunkWriter;
import dev.quiver.io.FileWritten;
import dev.quiver.operator.ChunkLimits;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A file that rows are written to; when it is as large as it may be, the next ones go to another.
final class RollingFile implements AutoCloseable {
    private final ChunkLimits limits;
    private final MemoryAccount account;
    private final Supplier<ChunkWriter> open;
    private final Consumer<FileWritten> done;
    private final RowMeter meter;
    private @Nullable ChunkWriter writer;

    /// @param open begins a file
    /// @param done is told of each that is whole
    RollingFile(
            ChunkLimits limits,
            MemoryAccount account,
            Supplier<ChunkWriter> open,
            Consumer<FileWritten> done) {
        this.limits = limits;
        this.account = account;
        this.open = open;
        this.done = done;
        this.meter = new RowMeter(limits);
    }

    /// Begins a file unless one is begun.
    ///
    /// @return its writer
    ChunkWriter begin() {
        ChunkWriter begun = writer;
        if (begun != null) return begun;
        begun = open.get();
        writer = begun;
        return begun;
    }

    void append(Chunk chunk) {
        if (limits.isNone()) {
            begin().append(chunk);
            return;
        }
        int from = 0;
        while (from < chunk.rows()) {
            int count = meter.take(chunk, from);
            if (count == 0) {
                finish();
                continue;
            }
            try (Chunk part = Concat.range(chunk, from, count, account)) {
                begin().append(part);
            }
            from += count;
        }
    }

    /// Ends the file that is begun, if one is.
    void finish() {
        ChunkWriter begun = writer;
        if (begun == null) return;
        done.accept(begun.finish());
        close();
        meter.next();
    }

    @Override
    public void close() {
        ChunkWriter begun = writer;
        writer = null;
        if (begun != null) begun.close();
    }
}
