package dev.quiver.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Brings a large file to the disk while it is still being written, so that little is left to wait
/// for at its end. For one thread.
public final class EarlyForce {
    private static final long BYTES_STEP = 32 << 20;

    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private final FileChannel file;
    private long waiting;
    private @Nullable CompletableFuture<Void> running;

    public EarlyForce(FileChannel file) {
        this.file = file;
    }

    /// Tells that so many more bytes were written.
    ///
    /// @throws IOException what bringing earlier ones to the disk met
    public void written(long bytes) throws IOException {
        waiting += bytes;
        if (waiting < BYTES_STEP || (running != null && !running.isDone())) return;
        await();
        waiting = 0;
        running = CompletableFuture.runAsync(this::force, THREADS);
    }

    private void force() {
        try {
            file.force(false);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private void await() throws IOException {
        if (running == null) return;
        try {
            running.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException cause) throw cause;
            throw e;
        } finally {
            running = null;
        }
    }

    /// Brings all to the disk.
    ///
    /// @throws IOException also what bringing earlier bytes there met: the system tells a failure
    ///   only once
    public void end() throws IOException {
        await();
        file.force(true);
    }
}
