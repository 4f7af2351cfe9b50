package dev.quiver.cluster.data;

import dev.quiver.cluster.data.PeerStream.Request;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.worker.store.CopyStore;
import io.grpc.ManagedChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Takes outputs of other processes, each of which has a [ChunkServer]. Keeps one connection to
/// each. Thread-safe; nothing here waits for the network.
public final class DataClient implements AutoCloseable {
    private final FlightEndpoints endpoints;
    private final PeerStream.Surroundings surroundings;
    private final ExecutorService executor = DataThreads.pool("quiver-fetch");
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("quiver-fetch-timer").factory());
    private final Map<InetSocketAddress, Peer> peers = new HashMap<>();
    private final OfferedOutputs offered;
    private boolean closed;

    /// Of a process without outputs.
    ///
    /// @param account pays for what is fetched
    public DataClient(FlightEndpoints endpoints, MemoryAccount account) {
        this(endpoints, account, OwnDictionaries.NONE);
    }

    /// @param account pays for what is fetched
    /// @param own dictionaries, which take words that are fetched
    public DataClient(FlightEndpoints endpoints, MemoryAccount account, OwnDictionaries own) {
        this.endpoints = endpoints;
        this.surroundings =
                new PeerStream.Surroundings(
                        account,
                        new SharedDictionaries(account, own),
                        executor,
                        timer,
                        endpoints.settings());
        this.offered = new OfferedOutputs(surroundings);
        long period = Math.max(50, endpoints.settings().silenceMax().toMillis() / 4);
        var _ = timer.scheduleWithFixedDelay(this::watch, period, period, TimeUnit.MILLISECONDS);
    }

    /// What clients offer, who call for that.
    public OfferedOutputs offered() {
        return offered;
    }

    /// An output that is wanted.
    ///
    /// @param reader the worker that this process is: the peer may answer that another worker has
    ///   it, and name this one to others later. Else [#NO_READER]
    public record Wish(CopyStore.Key key, OutputReceiver receiver, int reader) {
        public static final int NO_READER = -1;

        /// One that the peer itself answers.
        public Wish(CopyStore.Key key, OutputReceiver receiver) {
            this(key, receiver, NO_READER);
        }
    }

    /// Asks a peer for outputs, in one message. Each receiver hears of one end.
    public void fetch(InetSocketAddress peer, List<Wish> wishes) {
        var requests = new ArrayList<Request>(wishes.size());
        for (Wish wish : wishes)
            requests.add(new Request(wish.key(), wish.receiver(), wish.reader(), false));
        Peer known;
        synchronized (this) {
            known = closed ? null : peers.computeIfAbsent(peer, Peer::new);
        }
        if (known == null) requests.forEach(r -> r.receiver().unavailable("closed here"));
        else known.ask(requests);
    }

    /// Takes a wish back; its receiver hears nothing more.
    ///
    /// @return false when it was answered, or never made
    public boolean cancel(InetSocketAddress peer, CopyStore.Key key) {
        Peer known;
        synchronized (this) {
            known = peers.get(peer);
        }
        return known != null && known.cancel(key);
    }

    /// Ends the connection to a peer that is known to be gone: what it owes is unavailable at once.
    public void forget(InetSocketAddress peer) {
        Peer known;
        synchronized (this) {
            known = peers.remove(peer);
        }
        if (known != null) known.close("the worker is gone");
    }

    private void watch() {
        List<Peer> all;
        synchronized (this) {
            all = List.copyOf(peers.values());
        }
        all.forEach(Peer::watch);
        offered.watch();
    }

    /// A process that outputs come from.
    private final class Peer {
        private final ManagedChannel channel;
        private final List<PeerStream> streams = new ArrayList<>();
        private @Nullable PeerStream current;
        private boolean over;

        Peer(InetSocketAddress address) {
            this.channel = endpoints.channel(address).executor(executor).build();
        }

        void ask(List<Request> requests) {
            boolean asked;
            synchronized (this) {
                asked = !over && stream().ask(requests);
                if (!asked && !over) {
                    current = null;
                    asked = stream().ask(requests);
                }
            }
            if (!asked) requests.forEach(r -> r.receiver().unavailable("the connection has ended"));
        }

        /// The stream for new requests: another one when the old one remembers too much.
        private PeerStream stream() {
            PeerStream stream = current;
            long most = surroundings.settings().dictionaryBytesMax();
            if (stream != null && stream.dictionaryBytes() > most) {
                stream.finish();
                stream = null;
            }
            if (stream == null) {
                channel.resetConnectBackoff();
                stream = PeerStream.open(channel, surroundings, this::ended);
                streams.add(stream);
            }
            current = stream;
            return stream;
        }

        private void ended(PeerStream stream, List<Request> left, boolean worked, String why) {
            synchronized (this) {
                streams.remove(stream);
                if (current == stream) current = null;
            }
            if (left.isEmpty()) return;
            var again = new ArrayList<Request>();
            for (Request request : left) {
                // a connection that broke says little of the peer: one that can't be made does
                if (worked && !request.again())
                    again.add(
                            new Request(request.key(), request.receiver(), request.reader(), true));
                else request.receiver().unavailable(why);
            }
            if (!again.isEmpty()) ask(again);
        }

        synchronized boolean cancel(CopyStore.Key key) {
            for (PeerStream stream : streams) if (stream.cancel(key)) return true;
            return false;
        }

        private void watch() {
            long now = System.nanoTime();
            List<PeerStream> stuck;
            synchronized (this) {
                stuck = streams.stream().filter(s -> s.isStuck(now)).toList();
                if (current != null && current.isUnused(now)) {
                    current.finish(); // and the words that it remembers go
                    current = null;
                }
            }
            stuck.forEach(s -> s.stop("the worker has fallen silent"));
        }

        void close(String why) {
            List<PeerStream> open;
            synchronized (this) {
                over = true;
                open = List.copyOf(streams);
            }
            open.forEach(s -> s.stop(why));
            channel.shutdownNow();
        }
    }

    /// Ends all connections; what wasn't answered is unavailable. Waits until nothing is held on
    /// the way any more.
    @Override
    public void close() {
        List<Peer> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(peers.values());
            peers.clear();
        }
        all.forEach(peer -> peer.close("closed here"));
        offered.close();
        try {
            for (Peer peer : all) {
                if (!peer.channel.awaitTermination(5, TimeUnit.SECONDS))
                    throw new IllegalStateException("a connection to a peer doesn't end");
            }
            executor.shutdown();
            if (!executor.awaitTermination(5, TimeUnit.SECONDS))
                throw new IllegalStateException("a fetch doesn't end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        timer.shutdownNow();
    }
}
