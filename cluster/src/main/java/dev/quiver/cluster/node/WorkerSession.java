package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Orders;
import dev.quiver.cluster.control.WorkerWord;
import dev.quiver.error.Unavailable;
import dev.quiver.protocol.wire.MalformedMessage;
import dev.quiver.worker.server.WorkerShell;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A worker's connection with one scheduler: a node in its network and a link. It isn't mended:
/// when it breaks another one begins.
final class WorkerSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerSession.class);

    /// A scheduler that isn't heard of for so long has gone, or has given this worker up.
    private static final long SILENCE_NANOS = 15_000_000_000L;

    /// What a session serves.
    interface Host {
        PackedFailures failures();

        WorkerShell shell();

        AlarmClock clock();

        /// What is to be told before reports about tasks: what they did and printed since this was
        /// asked last.
        List<WorkerWord> takeAside();

        /// Orders have come, in order.
        void take(WorkerSession session, Orders orders);

        /// The scheduler lets the worker go.
        void released();

        /// The worker is of no use any more.
        void broken(Throwable cause);
    }

    private final Host host;
    private final int epoch;
    private final IgniteNode node;
    private final SchedulerPeer scheduler;
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private WorkerWord.Load load = WorkerWord.Load.NONE;

    /// @throws Unavailable when the scheduler has gone meanwhile
    WorkerSession(WorkerNode.Setup setup, Answer.Joined joined, Host host) {
        this.host = host;
        this.epoch = joined.epoch();
        this.node =
                IgniteNode.start(
                        new IgniteNode.Setup(
                                IgniteNode.Role.WORKER,
                                setup.name(),
                                setup.host(),
                                joined.discovery(),
                                0,
                                setup.credentials()));
        UUID member = UUID.fromString(joined.member());
        this.scheduler =
                new SchedulerPeer(
                        joined.session(),
                        member,
                        node,
                        host.failures(),
                        host::shell,
                        host::takeAside,
                        host::broken,
                        host::released,
                        host.clock());
        node.listen(WorkerPeers.TO_WORKER, this::receive);
        node.onCutOff(() -> end("the scheduler can't be reached"));
        node.onLeft(left -> {
            if (left.equals(member)) end("the scheduler has gone");
        });
        if (node.has(member)) return;
        node.close();
        throw new Unavailable(
                "the scheduler has gone from the cluster at " + joined.discovery(),
                List.of(),
                "see that it runs; start one with 'quiver scheduler'");
    }

    /// The scheduler's.
    int epoch() {
        return epoch;
    }

    SchedulerPeer scheduler() {
        return scheduler;
    }

    private void receive(UUID sender, byte[] bytes) {
        if (bytes.length == 0) {
            end("the scheduler has given it up");
            return;
        }
        try {
            for (Orders orders : scheduler.receive(bytes)) host.take(this, orders);
            scheduler.answer();
        } catch (MalformedMessage e) {
            LOG.warn("a frame of {} was ignored: {}", sender, e.getMessage());
        }
    }

    /// Says that the worker is alive, and what it does when that has changed.
    void tick(WorkerWord.Load now) {
        if (!now.equals(load)) scheduler.send(now);
        load = now;
        scheduler.tick();
        if (System.nanoTime() - scheduler.heardNanos() > SILENCE_NANOS)
            end("the scheduler isn't heard of any more");
    }

    private void end(String why) {
        end.complete(why);
    }

    /// Waits until it breaks.
    ///
    /// @return why it did
    String awaitEnd() throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        end("it was closed");
        node.close();
    }
}
