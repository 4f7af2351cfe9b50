package dev.quiver.cluster.node;

import dev.quiver.error.QuiverException;
import dev.quiver.scheduler.server.Dashboard;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What clients did that have gone, written down for reading, one after the other in a thread of
/// its own. What tasks did who are clients themselves isn't: there may be thousands of them.
final class KeptSessions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptSessions.class);

    /// So many clients may wait to be written down; of those that go meanwhile nothing is kept.
    private static final int WAITING_MAX = 100;

    private static final long PATIENCE_SECONDS = 10;

    private final Optional<Dashboard.Shown> shown;
    private final ExecutorService writer =
            new ThreadPoolExecutor(
                    0,
                    1,
                    PATIENCE_SECONDS,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(WAITING_MAX),
                    Thread.ofPlatform().daemon().name("quiver-scheduler-history").factory(),
                    (_, _) -> LOG.warn("so many clients go that what one did isn't kept"));

    /// @param shown what was seen of them; empty where nothing is to be kept
    KeptSessions(Optional<Dashboard.Shown> shown) {
        this.shown = shown;
    }

    /// A client has gone, or its scheduler goes. Returns at once.
    void keep(ClientPeer client) {
        if (shown.isEmpty() || client.isOfTasks()) return;
        Dashboard.Shown seen = shown.get();
        writer.execute(() -> keep(seen, client));
    }

    private static void keep(Dashboard.Shown seen, ClientPeer client) {
        try {
            seen.keep(client.toString(), ClientPeers.jobsOf(client.number()));
        } catch (QuiverException e) {
            LOG.warn("{}", e.getMessage()); // its jobs have done what they should
        }
    }

    /// Waits some seconds for what is still to be written.
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS))
                LOG.warn("what some clients did isn't kept: writing it takes too long");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
