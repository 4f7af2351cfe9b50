package dev.quiver.cluster.log;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The log of a scheduler that is alone.
final class OneReplica implements Replica.Watcher, AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final CompletableFuture<ClusterLog> log = new CompletableFuture<>();
    private final Replica replica;

    private OneReplica(Path directory) {
        replica = Replica.open(directory, "1.0", List.of("one"), 0, Replica.Others.NONE, this);
    }

    static OneReplica open(Path directory) {
        var one = new OneReplica(directory);
        one.replica.start();
        return one;
    }

    ClusterLog log() {
        return log.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void leads(ClusterLog opened) {
        log.complete(opened);
    }

    @Override
    public void steppedDown() {
        throw new AssertionError("it is alone");
    }

    @Override
    public void failed(Throwable cause) {
        log.completeExceptionally(cause);
    }

    @Override
    public void close() {
        replica.close();
    }
}
