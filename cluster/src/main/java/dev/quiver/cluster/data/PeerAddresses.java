package dev.quiver.cluster.data;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// Where the workers' [ChunkServer]s are.
@FunctionalInterface
public interface PeerAddresses {
    /// Null for a worker that isn't known, or is known to be gone. Must not wait.
    @Nullable InetSocketAddress of(int worker);
}
