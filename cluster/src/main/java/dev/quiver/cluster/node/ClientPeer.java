package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Language;
import dev.quiver.cluster.control.Notices;
import dev.quiver.cluster.control.Notices.Notice;
import dev.quiver.cluster.control.WorkerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
    private final LinkedBlockingQueue<Notice> waiting = new LinkedBlockingQueue<>();
    private final Set<Long> jobs = ConcurrentHashMap.newKeySet();

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
        waiting.add(notice);
    }

    /// Hands over what it is told, batch by batch, until the thread is interrupted.
    void talk(Consumer<byte[]> out) throws InterruptedException {
        int told = 0;
        var batch = new ArrayList<Notice>();
        while (true) {
            batch.add(waiting.take());
            waiting.drainTo(batch, BATCH_MAX);
            List<WorkerAddress> fresh = addresses.apply(told);
            told += fresh.size();
            out.accept(Language.NOTICES.encode(new Notices(fresh, batch)));
            batch.clear();
        }
    }

    @Override
    public String toString() {
        return "client %d '%s'".formatted(number, name);
    }
}
