package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Language;
import dev.quiver.cluster.control.Notices;
import dev.quiver.cluster.control.Notices.Notice;
import dev.quiver.cluster.control.StageCounts;
import dev.quiver.cluster.control.WorkerAddress;
import dev.quiver.operator.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// A client, as its scheduler's process sees it: what it is told waits here for its connection.
final class ClientPeer {
    private static final int BATCH_MAX = 4096;

    private final int number;
    private final String name;
    private final IntFunction<List<WorkerAddress>> addresses;
    private final LinkedBlockingQueue<Told> waiting = new LinkedBlockingQueue<>();
    private final Map<Bytes, CompletableFuture<Bytes>> bundles = new ConcurrentHashMap<>();
    private volatile boolean gone;
    private final Set<Long> jobs = ConcurrentHashMap.newKeySet();

    private sealed interface Told {
        record Of(Notice notice) implements Told {}

        /// A worker has joined.
        record Joined() implements Told {}

        record Counted(StageCounts counts) implements Told {}

        /// A bundle that some worker needs.
        record Wanted(Bytes bundle) implements Told {}
    }

    /// @param addresses of workers from the n-th that came on
    ClientPeer(int number, String name, IntFunction<List<WorkerAddress>> addresses) {
        this.number = number;
        this.name = name;
        this.addresses = addresses;
    }

    int number() {
        return number;
    }

    /// The jobs that it hasn't released.
    Set<Long> jobs() {
        return jobs;
    }

    void tell(Notice notice) {
        if (!gone) waiting.add(new Told.Of(notice));
    }

    /// What tasks of one of its stages did.
    void tell(StageCounts counts) {
        if (!gone) waiting.add(new Told.Counted(counts));
    }

    /// A worker has joined, which the client may have to give something.
    void tellOfWorkers() {
        if (!gone) waiting.add(new Told.Joined());
    }

    /// It has gone: what it would be told is forgotten, and who waits for its classes hears none.
    void leave() {
        gone = true;
        waiting.clear();
        bundles.values().forEach(waited -> waited.complete(Bytes.NONE));
    }

    /// A bundle of its classes, when it sends it.
    CompletableFuture<Bytes> bundle(Bytes hash) {
        return bundles.computeIfAbsent(
                hash,
                _ -> {
                    waiting.add(new Told.Wanted(hash));
                    return new CompletableFuture<>();
                });
    }

    /// It has sent a bundle, or said by none that it hasn't it.
    void uploaded(Bytes hash, Bytes content) {
        CompletableFuture<Bytes> waited = bundles.remove(hash);
        if (waited != null) waited.complete(content);
    }

    /// Hands over what it is told, batch by batch, until the thread is interrupted.
    void talk(Consumer<byte[]> out) throws InterruptedException {
        int told = 0;
        tellOfWorkers();
        var batch = new ArrayList<Told>();
        while (true) {
            batch.add(waiting.take());
            waiting.drainTo(batch, BATCH_MAX);
            var counts = new ArrayList<StageCounts>();
            var notices = new ArrayList<Notice>();
            var wanted = new ArrayList<Bytes>();
            for (Told each : batch) {
                switch (each) {
                    case Told.Of(var notice) -> notices.add(notice);
                    case Told.Counted(var more) -> counts.add(more);
                    case Told.Joined _ -> {}
                    case Told.Wanted(var bundle) -> wanted.add(bundle);
                }
            }
            List<WorkerAddress> fresh = addresses.apply(told);
            told += fresh.size();
            out.accept(Language.NOTICES.encode(new Notices(fresh, counts, notices, wanted)));
            batch.clear();
        }
    }

    @Override
    public String toString() {
        return "client %d '%s'".formatted(number, name);
    }
}
