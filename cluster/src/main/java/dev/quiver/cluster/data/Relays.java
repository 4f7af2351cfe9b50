package dev.quiver.cluster.data;

import dev.quiver.worker.store.CopyStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Who takes a large output that many workers read from whom: the first few from the one that has
/// it, each of the later ones from one of the earlier, so that they make a tree and the time grows
/// with the logarithm of their number. Thread-safe.
final class Relays {
    /// So many take an output from the same one.
    static final int WIDTH = 4;

    /// Smaller outputs are sent by who has them.
    static final long BYTES_MIN = 1 << 20;

    /// So many outputs are known at most; the oldest are forgotten.
    private static final int KNOWN_MAX = 10_000;

    /// The workers that have asked, in the order of their first asks.
    private final Map<CopyStore.Key, List<Integer>> readers = new LinkedHashMap<>();

    /// The worker from which a reader should take an output; empty when that is this one.
    ///
    /// @param reader a worker
    synchronized OptionalInt relay(CopyStore.Key output, int reader) {
        List<Integer> earlier = readers.computeIfAbsent(output, _ -> new ArrayList<>());
        if (readers.size() > KNOWN_MAX) readers.remove(readers.keySet().iterator().next());
        int index = earlier.indexOf(reader);
        if (index < 0) {
            index = earlier.size();
            earlier.add(reader);
        }
        if (index < WIDTH) return OptionalInt.empty();
        return OptionalInt.of(earlier.get(index / WIDTH - 1));
    }
}
