package dev.quiver.cluster.data;

import dev.quiver.worker.server.InputFetcher;
import dev.quiver.worker.state.WorkerCommand;
import dev.quiver.worker.state.WorkerCommand.Fetch;
import dev.quiver.worker.store.CopyStore;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Brings other workers' outputs into a worker's [CopyStore].
///
/// An output that many read comes from one that has it already, where the worker that made it says
/// so: see [Relays].
public final class PeerFetcher implements InputFetcher {
    private static final long AGAIN_MILLIS = 20;

    private final int worker;
    private final PeerAddresses addresses;
    private final DataClient client;
    private final CopyStore copies;
    private final Map<CopyStore.Key, Coming> coming = new ConcurrentHashMap<>();

    /// @param worker the number of this one
    public PeerFetcher(int worker, PeerAddresses addresses, DataClient client, CopyStore copies) {
        this.worker = worker;
        this.addresses = addresses;
        this.client = client;
        this.copies = copies;
    }

    /// A copy on its way.
    private final class Coming implements OutputReceiver {
        private final Fetch fetch;
        private final CopyStore.Key key;
        private final InetSocketAddress owner;
        private final Arrivals arrivals;

        /// Where it is asked now: the owner, or one that has a copy.
        private volatile InetSocketAddress peer;

        Coming(Fetch fetch, CopyStore.Key key, InetSocketAddress owner, Arrivals arrivals) {
            this.fetch = fetch;
            this.key = key;
            this.owner = owner;
            this.peer = owner;
            this.arrivals = arrivals;
        }

        /// Slices are read by one task each.
        DataClient.Wish wish() {
            return new DataClient.Wish(
                    key,
                    this,
                    key.slice() == WorkerCommand.WHOLE ? worker : DataClient.Wish.NO_READER);
        }

        private void ask(InetSocketAddress other) {
            peer = other;
            if (coming.get(key) != this) return; // it isn't wanted any more
            client.fetch(other, List.of(new DataClient.Wish(key, this)));
            // it may have been taken back before it was asked
            if (coming.get(key) != this) client.cancel(other, key);
        }

        @Override
        public void elsewhere(int other) {
            InetSocketAddress relay = addresses.of(other);
            ask(relay == null ? owner : relay);
        }

        @Override
        public void coming() {
            CompletableFuture.delayedExecutor(AGAIN_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(() -> ask(peer));
        }

        @Override
        public void arrived(CopyStore.Copy copy) {
            copies.put(key, copy);
            if (coming.remove(key, this)) arrivals.arrived(fetch);
            else copies.drop(key);
        }

        @Override
        public void unavailable(String why) {
            if (!peer.equals(owner)) ask(owner);
            else if (coming.remove(key, this)) arrivals.unavailable(fetch);
        }
    }

    @Override
    public void fetch(List<Fetch> wanted, Arrivals arrivals) {
        var byPeer = new LinkedHashMap<InetSocketAddress, List<DataClient.Wish>>();
        for (Fetch fetch : wanted) {
            var key =
                    new CopyStore.Key(
                            fetch.stage(), fetch.partition(), fetch.attempt(), fetch.slice());
            InetSocketAddress peer = addresses.of(fetch.worker());
            if (peer == null) {
                arrivals.unavailable(fetch);
                continue;
            }
            var one = new Coming(fetch, key, peer, arrivals);
            if (coming.putIfAbsent(key, one) != null) continue;
            if (copies.holds(key)) {
                coming.remove(key, one);
                arrivals.arrived(fetch);
            } else byPeer.computeIfAbsent(peer, _ -> new ArrayList<>()).add(one.wish());
        }
        byPeer.forEach(client::fetch);
    }

    /// Whether a copy is on its way to here.
    boolean isComing(CopyStore.Key key) {
        return coming.containsKey(key);
    }

    @Override
    public void drop(int stage, int partition, int attempt, int slice) {
        var key = new CopyStore.Key(stage, partition, attempt, slice);
        Coming one = coming.remove(key);
        if (one != null) client.cancel(one.peer, key);
        copies.drop(key);
    }
}
