package dev.quiver.cluster.node;

import dev.quiver.scheduler.server.Watched;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Why workers ended that were lost, as the processes say that came after them.
final class WorkerEnds {
    /// So many are known at most; the oldest are forgotten.
    private static final int KNOWN_MAX = 1000;

    /// The number that a place had last.
    private final Map<String, Integer> last = new LinkedHashMap<>();

    private final Map<Integer, String> whys = new LinkedHashMap<>();

    /// As the scheduler saw it.
    private final Map<Integer, Watched.Departure> departures = new LinkedHashMap<>();

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

    /// A worker isn't there any more.
    ///
    /// @param why as far as it is known by now
    synchronized void left(int worker, String name, String why) {
        departures.put(worker, new Watched.Departure(name, why));
        forgetOldest(departures);
    }

    /// How a worker went: as the process says that came after it, or else as the scheduler saw it.
    synchronized Optional<Watched.Departure> departure(int worker) {
        return Optional.ofNullable(departures.get(worker))
                .map(seen ->
                        whys.containsKey(worker)
                                ? new Watched.Departure(seen.name(), whys.get(worker))
                                : seen);
    }

    private static void forgetOldest(Map<?, ?> map) {
        if (map.size() > KNOWN_MAX) map.remove(map.keySet().iterator().next());
    }

    /// Why they ended, each in a few words; empty for what isn't known.
    synchronized List<String> of(List<Integer> workers) {
        return workers.stream().map(worker -> whys.getOrDefault(worker, "")).toList();
    }
}
