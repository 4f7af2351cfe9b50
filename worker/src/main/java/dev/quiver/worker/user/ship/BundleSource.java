package dev.quiver.worker.user.ship;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Where bundles come from: on a client the [Bundles] of its session, on a worker the way over the
/// network to them. Thread-safe. A bundle has at most [Bundles#BYTES_MAX] bytes.
@FunctionalInterface
public interface BundleSource {
    /// The bytes whose hash is the name.
    ///
    /// @throws IOException when nobody answers, or nobody has them
    byte[] bytes(BundleHash hash) throws IOException;

    /// The bytes of several, in the order of the names; one round trip where that matters.
    ///
    /// @throws IOException when nobody answers, or nobody has one of them
    default List<byte[]> bytes(List<BundleHash> hashes) throws IOException {
        var all = new ArrayList<byte[]>(hashes.size());
        for (BundleHash hash : hashes) all.add(bytes(hash));
        return all;
    }
}
