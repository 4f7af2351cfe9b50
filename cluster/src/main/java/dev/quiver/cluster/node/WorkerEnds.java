package dev.quiver.cluster.node;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Why workers ended that were lost, as the processes say that came after them.
final class WorkerEnds {
    /// So many are known at most; the oldest are forgotten.
    private static final int KNOWN_MAX = 1000;

    /// The number that a place had last.
    private final Map<String, Integer> last = new LinkedHashMap<>();

    private final Map<Integer, String> whys = new LinkedHashMap<>();

    /// A worker is there.
    ///
    /// @param place the same for those that follow each other
    /// @param after why the process before it ended; empty when none was
    synchronized void joined(int worker, String place, String after) {
        Integer before = last.remove(place);
        last.put(place, worker);
        forgetOldest(last);
        if (before == null || before == worker || after.isEmpty()) return;
        whys.put(before, after);
        forgetOldest(whys);
    }

    private static void forgetOldest(Map<?, ?> map) {
        if (map.size() > KNOWN_MAX) map.remove(map.keySet().iterator().next());
    }

    /// Why they ended, each in a few words; empty for what isn't known.
    synchronized List<String> of(List<Integer> workers) {
        return workers.stream().map(worker -> whys.getOrDefault(worker, "")).toList();
    }
}
