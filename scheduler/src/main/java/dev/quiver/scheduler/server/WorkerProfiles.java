package dev.quiver.scheduler.server;

import dev.quiver.protocol.TaskSamples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// What tasks of workers in other processes are found doing, as long as somebody looks.
/// Thread-safe.
public final class WorkerProfiles {
    /// So many are sampled at most where somebody looks at all.
    public static final int WORKERS_MAX = 16;

    /// So often workers are told that somebody looks, much less often than they would end it.
    private static final long TOLD_NANOS = Duration.ofSeconds(2).toNanos();

    private final Workers workers;
    private final LongSupplier nanos;
    private final Map<Integer, Sampled> sampled = new TreeMap<>();
    private ProfileBook book = new ProfileBook();
    private long lookedNanos;

    /// The workers that there are.
    public interface Workers {
        /// Their numbers, in order.
        List<Integer> numbers();

        /// Has a worker sample for [TaskSampler#PATIENCE], unless it has gone; returns at once.
        void sample(int worker);
    }

    private static final class Sampled {
        private final long sinceMillis = System.currentTimeMillis();
        private long toldNanos;
        private long readingMicros;
        private Optional<TaskSamples.Means> means = Optional.empty();

        Sampled(long toldNanos) {
            this.toldNanos = toldNanos;
        }
    }

    /// @param nanos a clock
    public WorkerProfiles(Workers workers, LongSupplier nanos) {
        this.workers = workers;
        this.nanos = nanos;
    }

    /// What was found until now; begins when nobody has looked before.
    ///
    /// @param worker the one that is looked at; all of them when empty
    public TaskProfile look(Optional<Integer> worker) {
        List<Integer> there = workers.numbers();
        List<Integer> wanted =
                worker.map(List::of)
                        .orElseGet(() -> there.subList(0, Math.min(WORKERS_MAX, there.size())));
        var unaware = new ArrayList<Integer>();
        TaskProfile look;
        synchronized (this) {
            lookedNanos = nanos.getAsLong();
            for (int each : wanted) if (there.contains(each) && isUnaware(each)) unaware.add(each);
            look = of(wanted, there.size());
        }
        unaware.forEach(workers::sample);
        return look;
    }

    private boolean isUnaware(int worker) {
        Sampled known = sampled.get(worker);
        if (known == null) {
            sampled.put(worker, new Sampled(lookedNanos));
            return true;
        }
        if (lookedNanos - known.toldNanos < TOLD_NANOS) return false;
        known.toldNanos = lookedNanos;
        return true;
    }

    private TaskProfile of(List<Integer> wanted, int of) {
        long since = System.currentTimeMillis();
        long reading = 0;
        Optional<TaskSamples.Means> means = Optional.empty();
        var looked = new ArrayList<Integer>();
        for (int worker : wanted) {
            Sampled known = sampled.get(worker);
            if (known == null) continue;
            looked.add(worker);
            since = Math.min(since, known.sinceMillis);
            reading += known.readingMicros;
            // one that can't doesn't hide the others
            boolean isKnown = means.isPresent() && means.get() != TaskSamples.Means.NONE;
            if (known.means.isPresent() && !isKnown) means = known.means;
        }
        return new TaskProfile(book, looked, of, since, reading, means);
    }

    /// A worker has told what it found.
    public synchronized void take(int worker, TaskSamples samples) {
        Sampled known = sampled.get(worker);
        if (known == null) return; // nobody looks any more
        known.readingMicros = samples.readingMicros();
        known.means = Optional.of(samples.means());
        book.add(worker, samples, System.currentTimeMillis());
    }

    /// Lets go of what was found when nobody has looked for a while; is to be called now and then.
    public synchronized void tick() {
        if (sampled.isEmpty()) return;
        if (nanos.getAsLong() - lookedNanos < TaskSampler.PATIENCE.toNanos()) return;
        sampled.clear();
        book = new ProfileBook();
    }
}
