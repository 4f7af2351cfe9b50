package dev.quiver.cluster.data;

import dev.quiver.worker.server.InputFetcher;
import dev.quiver.worker.state.WorkerCommand.Fetch;
import dev.quiver.worker.store.CopyStore;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Brings other workers' outputs into a worker's [CopyStore].
public final class PeerFetcher implements InputFetcher {
    private final PeerAddresses addresses;
    private final DataClient client;
    private final CopyStore copies;
    private final Map<CopyStore.Key, Coming> coming = new ConcurrentHashMap<>();

    public PeerFetcher(PeerAddresses addresses, DataClient client, CopyStore copies) {
        this.addresses = addresses;
        this.client = client;
        this.copies = copies;
    }

    /// A copy on its way.
    private final class Coming implements OutputReceiver {
        private final Fetch fetch;
        private final CopyStore.Key key;
        private final InetSocketAddress peer;
        private final Arrivals arrivals;

        Coming(Fetch fetch, CopyStore.Key key, InetSocketAddress peer, Arrivals arrivals) {
            this.fetch = fetch;
            this.key = key;
            this.peer = peer;
            this.arrivals = arrivals;
        }

        @Override
        public void arrived(CopyStore.Copy copy) {
            copies.put(key, copy);
            if (coming.remove(key, this)) arrivals.arrived(fetch);
            else copies.drop(key);
        }

        @Override
        public void unavailable(String why) {
            if (coming.remove(key, this)) arrivals.unavailable(fetch);
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
            } else
                byPeer.computeIfAbsent(peer, _ -> new ArrayList<>())
                        .add(new DataClient.Wish(key, one));
        }
        byPeer.forEach(client::fetch);
    }

    @Override
    public void drop(int stage, int partition, int attempt, int slice) {
        var key = new CopyStore.Key(stage, partition, attempt, slice);
        Coming one = coming.remove(key);
        if (one != null) client.cancel(one.peer, key);
        copies.drop(key);
    }
}
