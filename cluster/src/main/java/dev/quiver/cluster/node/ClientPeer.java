package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Notices.Notice;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.StageCounts;
import dev.quiver.cluster.control.TaskPrints;
import dev.quiver.cluster.log.LogEntry;
import dev.quiver.operator.Bytes;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A client, as its scheduler's process sees it. It may be away for a while.
final class ClientPeer {
    private final int number;
    private final String name;
    private final Bytes token;
    private final long leaseNanos;
    private final int worker;
    private final Map<Bytes, CompletableFuture<Bytes>> bundles = new ConcurrentHashMap<>();
    private volatile @Nullable ClientLine line;
    private volatile long awayNanos;
    private volatile boolean gone;

    ClientPeer(LogEntry.ClientCame came) {
        this.number = came.client();
        this.name = came.name();
        this.token = came.token();
        this.leaseNanos = TimeUnit.MILLISECONDS.toNanos(came.leaseMillis());
        this.worker = came.worker();
        this.awayNanos = System.nanoTime();
    }

    int number() {
        return number;
    }

    /// Whether it speaks for the tasks of that worker.
    boolean isOf(int thatWorker) {
        return worker == thatWorker;
    }

    /// Whether it speaks for tasks of a worker.
    boolean isOfTasks() {
        return worker != Question.Connect.NO_WORKER;
    }

    /// By which it proves that it is this client.
    Bytes token() {
        return token;
    }

    /// Goes on over another connection; the one before ends. What was told and didn't get out is
    /// lost.
    synchronized void attach(ClientLine next) {
        ClientLine before = line;
        if (before != null) before.end();
        line = next;
        bundles.keySet().forEach(next::want);
    }

    /// The connection has ended.
    ///
    /// @return whether the client is away now; false when it has another one
    synchronized boolean detach(ClientLine ended) {
        ended.end();
        if (line != ended) return false;
        line = null;
        awayNanos = System.nanoTime();
        return true;
    }

    /// Ends its connection, if it is there.
    void hangUp() {
        ClientLine there = line;
        if (there != null) there.end();
    }

    /// Whether it has been away for longer than its lease.
    synchronized boolean isOverdue() {
        return line == null && System.nanoTime() - awayNanos > leaseNanos;
    }

    /// Tells the client, if it is there: when it comes back it is told all that holds.
    void tell(Notice notice) {
        ClientLine there = line;
        if (there != null) there.tell(notice);
    }

    /// What tasks of one of its stages did.
    void tell(StageCounts counts) {
        ClientLine there = line;
        if (there != null) there.tell(counts);
    }

    /// What its tasks printed, if it is there.
    void tell(TaskPrints printed) {
        ClientLine there = line;
        if (there != null) there.tell(printed);
    }

    /// A worker has joined, which the client may have to give something.
    void tellOfWorkers() {
        ClientLine there = line;
        if (there != null) there.tellOfWorkers();
    }

    /// It has gone for good: who waits for its classes hears none.
    void leave() {
        gone = true;
        ClientLine there = line;
        if (there != null) there.end();
        bundles.values().forEach(waited -> waited.complete(Bytes.NONE));
    }

    /// A bundle of its classes, when it sends it.
    synchronized CompletableFuture<Bytes> bundle(Bytes hash) {
        if (gone) return CompletableFuture.completedFuture(Bytes.NONE);
        CompletableFuture<Bytes> known = bundles.get(hash);
        if (known != null) return known;
        var waited = new CompletableFuture<Bytes>();
        bundles.put(hash, waited);
        ClientLine there = line;
        if (there != null) there.want(hash);
        return waited;
    }

    /// It has sent a bundle, or said by none that it hasn't it.
    void uploaded(Bytes hash, Bytes content) {
        CompletableFuture<Bytes> waited = bundles.remove(hash);
        if (waited != null) waited.complete(content);
    }

    @Override
    public String toString() {
        return "client %d '%s'".formatted(number, name);
    }
}
