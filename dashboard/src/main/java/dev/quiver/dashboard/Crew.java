package dev.quiver.dashboard;

import dev.quiver.scheduler.server.Watched;
import dev.quiver.scheduler.state.AssignedTask;
import dev.quiver.scheduler.state.HeldOutputs;
import dev.quiver.scheduler.state.WorkerStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The workers of a board: what they do, hold and did, and how those went that have gone.
/// Thread-safe.
final class Crew {
    private static final int TASKS_MAX = 100;
    private static final int RECENT_MAX = 50;

    private final Watched watched;
    private final TaskFeed feed;
    private final Stock stock;
    private final TrafficPace traffic;
    private final LongSupplier clockMicros;
    private final WorkerBook book = new WorkerBook();
    private List<Watched.WorkerUsage> usages;
    private boolean closed;

    Crew(
            Watched watched,
            TaskFeed feed,
            Stock stock,
            TrafficPace traffic,
            LongSupplier clockMicros) {
        this.watched = watched;
        this.feed = feed;
        this.stock = stock;
        this.traffic = traffic;
        this.clockMicros = clockMicros;
        this.usages = watched.workers().get();
        book.seen(usages, 0);
    }

    /// A worker that is there.
    ///
    /// @param status as the scheduler sees it
    /// @param perSecond attempts that ended in the last ten seconds, a second
    /// @param held the outputs that it holds, by stage
    record Present(
            WorkerLine line,
            WorkerNow now,
            WorkerStatus status,
            WorkerTally did,
            double perSecond,
            List<HeldOutputs> held) {}

    /// A worker that has gone.
    record Gone(WorkerLine line, Watched.Departure how) {}

    /// @param isWhole whether all that is held was looked at
    record All(long micros, boolean isWhole, List<Present> present, List<Gone> gone) {}

    /// One of them, with what it has to do and what it did last.
    ///
    /// @param present empty when it has gone
    record One(
            long micros,
            Optional<Present> present,
            Optional<Gone> gone,
            List<AssignedTask> assigned,
            List<TaskRing.Ended> recent) {}

    synchronized void joined(int worker, int slots, long micros) {
        book.joined(worker, slots, micros);
    }

    synchronized void left(int worker, WorkerTally did, long micros) {
        book.left(worker, did, micros);
    }

    /// The scheduler isn't asked any more.
    synchronized void close() {
        closed = true;
    }

    All all() {
        boolean open = look();
        Map<Integer, WorkerStatus> statuses = statuses(open);
        Stock.Held held = stock.now();
        long micros = clockMicros.getAsLong();
        var pace = new Pace(feed.ring(), micros);
        synchronized (this) {
            var present = new ArrayList<Present>();
            for (Watched.WorkerUsage usage : usages)
                present(usage, statuses, pace, held).ifPresent(present::add);
            return new All(
                    micros, held.isWhole(), present, book.gone().stream().map(this::gone).toList());
        }
    }

    /// Empty when it isn't known, or not any more.
    Optional<One> one(int worker) {
        boolean open = look();
        Map<Integer, WorkerStatus> statuses = statuses(open);
        Stock.Held held = stock.now();
        List<AssignedTask> assigned =
                open
                        ? watched.scheduler().ask(state -> state.assigned(worker, TASKS_MAX))
                        : List.of();
        long micros = clockMicros.getAsLong();
        var pace = new Pace(feed.ring(), micros);
        synchronized (this) {
            Optional<WorkerLine> line = book.line(worker);
            Optional<Present> present =
                    usages.stream()
                            .filter(usage -> usage.worker() == worker)
                            .findFirst()
                            .flatMap(usage -> present(usage, statuses, pace, held));
            return line.map(known ->
                    new One(
                            micros,
                            present,
                            known.isGone() ? Optional.of(gone(known)) : Optional.empty(),
                            assigned,
                            recent(worker)));
        }
    }

    /// Sees who is there now.
    ///
    /// @return whether the scheduler may be asked
    private synchronized boolean look() {
        if (closed) return false;
        usages = watched.workers().get();
        long micros = clockMicros.getAsLong();
        book.seen(usages, micros);
        traffic.note(usages, micros);
        return true;
    }

    private Map<Integer, WorkerStatus> statuses(boolean open) {
        var statuses = new HashMap<Integer, WorkerStatus>();
        if (open)
            for (WorkerStatus status :
                    watched.scheduler().<List<WorkerStatus>>ask(state -> state.workers()))
                statuses.put(status.worker(), status);
        return statuses;
    }

    private Optional<Present> present(
            Watched.WorkerUsage usage,
            Map<Integer, WorkerStatus> statuses,
            Pace pace,
            Stock.Held held) {
        int worker = usage.worker();
        var nothing = new WorkerStatus(worker, 0, 0, -1, false);
        return book.line(worker)
                .filter(line -> !line.isGone())
                .map(line ->
                        new Present(
                                line,
                                new WorkerNow(usage, traffic.of(worker)),
                                statuses.getOrDefault(worker, nothing),
                                feed.tally(worker),
                                pace.of(worker),
                                held.outputs().stream()
                                        .filter(each -> each.worker() == worker)
                                        .toList()));
    }

    private Gone gone(WorkerLine line) {
        return new Gone(
                line,
                watched.registry()
                        .departure(line.worker())
                        .orElse(new Watched.Departure(line.name(), "")));
    }

    /// The last one first.
    private List<TaskRing.Ended> recent(int worker) {
        var recent = new ArrayList<TaskRing.Ended>();
        TaskRing ring = feed.ring();
        for (long i = ring.head() - 1; i >= ring.oldest() && recent.size() < RECENT_MAX; i--) {
            TaskRing.Ended task = ring.get(i);
            if (task.worker() == worker) recent.add(task);
        }
        return recent;
    }
}
