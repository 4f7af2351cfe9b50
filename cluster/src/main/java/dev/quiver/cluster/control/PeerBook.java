package dev.quiver.cluster.control;

import dev.quiver.cluster.data.PeerAddresses;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Where the workers are that this process was told of. Thread-safe.
public final class PeerBook implements PeerAddresses {
    private final Map<Integer, InetSocketAddress> addresses = new ConcurrentHashMap<>();

    public void add(WorkerAddress address) {
        addresses.put(address.worker(), new InetSocketAddress(address.host(), address.port()));
    }

    @Override
    public @Nullable InetSocketAddress of(int worker) {
        return addresses.get(worker);
    }
}
