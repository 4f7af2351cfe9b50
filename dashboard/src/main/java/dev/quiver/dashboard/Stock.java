package dev.quiver.dashboard;

import dev.quiver.graph.TaskKey;
import dev.quiver.scheduler.server.SchedulerShell;
import dev.quiver.scheduler.state.HeldOutputs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Which outputs workers hold, at most a second old. The scheduler is asked part by part, and only
/// while somebody looks. Thread-safe.
final class Stock {
    private static final long AGE_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

    /// So many parts are asked for at most: about a million tasks.
    private static final int PARTS_MAX = 50;

    private final SchedulerShell scheduler;
    private Held known = new Held(List.of(), true);
    private long knownNanos = System.nanoTime() - AGE_NANOS_MAX;
    private boolean closed;

    /// @param outputs by stage and worker
    /// @param isWhole whether that is all of them
    record Held(List<HeldOutputs> outputs, boolean isWhole) {}

    private record Place(int stage, int worker) {}

    Stock(SchedulerShell scheduler) {
        this.scheduler = scheduler;
    }

    synchronized Held now() {
        long now = System.nanoTime();
        if (closed || now - knownNanos < AGE_NANOS_MAX) return known;
        known = ask();
        knownNanos = now;
        return known;
    }

    private Held ask() {
        var found = new LinkedHashMap<Place, HeldOutputs>();
        Optional<TaskKey> next = Optional.of(new TaskKey(0, 0));
        for (int i = 0; i < PARTS_MAX && next.isPresent(); i++) {
            TaskKey from = next.get();
            HeldOutputs.Part part = scheduler.ask(state -> state.held(from));
            part.held().forEach(held -> add(found, held));
            next = part.next();
        }
        return new Held(List.copyOf(found.values()), next.isEmpty());
    }

    private static void add(Map<Place, HeldOutputs> found, HeldOutputs held) {
        found.merge(
                new Place(held.stage(), held.worker()),
                held,
                (a, b) ->
                        new HeldOutputs(
                                a.stage(),
                                a.name(),
                                a.job(),
                                a.client(),
                                b.published(),
                                a.worker(),
                                a.outputs() + b.outputs(),
                                a.bytes() + b.bytes()));
    }

    /// The scheduler isn't asked any more.
    synchronized void close() {
        closed = true;
    }
}
