package dev.quiver.dashboard;

import dev.quiver.scheduler.server.Watched;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The workers that are there, and those of them that went last. For one thread at a time.
final class WorkerBook {
    /// So many that have gone are known; the oldest are forgotten.
    private static final int GONE_MAX = 100;

    private final Map<Integer, WorkerLine> there = new LinkedHashMap<>();
    private final Map<Integer, WorkerLine> gone = new LinkedHashMap<>();

    /// A worker is there, for the first time or again.
    void joined(int worker, int slots, long micros) {
        WorkerLine before = gone.remove(worker);
        String name = before == null ? "" : before.name();
        there.putIfAbsent(worker, new WorkerLine(worker, name, slots, micros, -1, 0, 0));
    }

    void left(int worker, WorkerTally did, long micros) {
        WorkerLine line = there.remove(worker);
        if (line == null) return;
        gone.put(worker, line.gone(micros, did.finished(), did.failed()));
        if (gone.size() > GONE_MAX) gone.remove(gone.keySet().iterator().next());
    }

    /// As they call themselves.
    void seen(List<Watched.WorkerUsage> usages, long micros) {
        for (Watched.WorkerUsage usage : usages) {
            if (gone.containsKey(usage.worker())) continue;
            joined(usage.worker(), usage.slots(), micros);
            there.computeIfPresent(usage.worker(), (_, line) -> line.named(usage.name()));
        }
    }

    Optional<WorkerLine> line(int worker) {
        WorkerLine line = there.get(worker);
        return Optional.ofNullable(line == null ? gone.get(worker) : line);
    }

    /// The last one first.
    List<WorkerLine> gone() {
        return new ArrayList<>(gone.values()).reversed();
    }
}
