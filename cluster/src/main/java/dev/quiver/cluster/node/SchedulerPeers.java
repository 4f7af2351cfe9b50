package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.log.Replica;
import dev.quiver.cluster.log.state.RaftMessage;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way to the other schedulers of a list: a thread for each, which sends together what came
/// while it sent. What can't be delivered is lost.
final class SchedulerPeers implements Replica.Others, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SchedulerPeers.class);

    /// Who doesn't answer in this time gets a connection of its own the next time.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration PAUSE = Duration.ofMillis(100);

    /// More waits for nobody: it would be outdated.
    private static final int WAITING_MAX = 256;

    private final List<SchedulerAddress> schedulers;
    private final int self;
    private final Credentials credentials;
    private final List<Peer> peers = new ArrayList<>();
    private volatile boolean closed;

    SchedulerPeers(List<SchedulerAddress> schedulers, int self, Credentials credentials) {
        this.schedulers = List.copyOf(schedulers);
        this.self = self;
        this.credentials = credentials;
        for (SchedulerAddress address : schedulers) peers.add(new Peer(address));
    }

    /// Begins to send.
    void start() {
        for (int i = 0; i < peers.size(); i++) if (i != self) peers.get(i).thread.start();
    }

    @Override
    public void send(int to, RaftMessage message) {
        peers.get(to).waiting.offer(message);
    }

    private final class Peer {
        private final SchedulerAddress address;
        private final LinkedBlockingQueue<RaftMessage> waiting =
                new LinkedBlockingQueue<>(WAITING_MAX);
        private final Thread thread;
        private boolean silent;

        private Peer(SchedulerAddress address) {
            this.address = address;
            this.thread =
                    Thread.ofPlatform()
                            .daemon()
                            .name("quiver-to-scheduler-" + address)
                            .unstarted(this::run);
        }

        private void run() {
            try {
                while (!closed) {
                    try (var port = new SchedulerClientPort(address, credentials)) {
                        talk(port);
                    } catch (Unavailable e) {
                        note(e);
                        waiting.clear();
                        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void talk(SchedulerClientPort port) throws InterruptedException {
            var batch = new ArrayList<RaftMessage>();
            while (!closed) {
                batch.clear();
                batch.add(waiting.take());
                waiting.drainTo(batch);
                try {
                    port.ask(
                            new Question.Agree(self, schedulers, batch),
                            Answer.Done.class,
                            PATIENCE);
                    if (silent) LOG.info("the scheduler at {} answers", address);
                    silent = false;
                } catch (Unavailable e) {
                    throw e;
                } catch (QuiverException e) {
                    note(e);
                    TimeUnit.NANOSECONDS.sleep(PATIENCE.toNanos());
                }
            }
        }

        private void note(QuiverException e) {
            if (!silent)
                LOG.warn("the scheduler at {} can't be told anything: {}", address, e.what());
            else LOG.debug("the scheduler at {} still can't be told anything", address, e);
            silent = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            for (Peer peer : peers) {
                peer.thread.interrupt();
                if (peer.thread.isAlive() && !peer.thread.join(PATIENCE))
                    LOG.debug("the connection to {} ends late", peer.address);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
