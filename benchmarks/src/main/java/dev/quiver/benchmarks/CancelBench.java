package dev.quiver.benchmarks;

import dev.quiver.benchmarks.CancelWork.Begun;
import dev.quiver.benchmarks.CancelWork.Kind;
import dev.quiver.benchmarks.Measurements.Run;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.client.Usage;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// How long it takes from a cancel until slots and counted bytes are free again: work of each kind
/// is cancelled at random moments while it runs, as a user would.
///
/// The warm-up rounds run to their end and tell how long the work takes. What is measured ends when
/// no slot runs, no more bytes are counted than before the work began, a task of no work has run,
/// and nothing of the work runs or is counted afterwards. When the cancelled call returns is
/// measured too: a write removes its files before, in the caller's thread.
final class CancelBench {
    private static final long SEED = 50;
    private static final double LIMIT_MILLIS = 100;
    private static final long LOOP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long LOOK_NANOS = 50_000;
    private static final double SOONER = 0.8;
    private static final int MISSES_MAX = 200;

    /// Of a run's length: what comes behind it may be over before the cancel.
    private static final double LATEST = 0.9;

    /// One try.
    ///
    /// @param millis from the cancel until slots and bytes were free
    /// @param returnedMillis until the call had returned
    private record Freed(double millis, double returnedMillis) {}

    private final Measurements measurements = new Measurements("cancel");
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final BenchOptions options;
    private final Session q;
    private double worstMillis;

    private CancelBench(BenchOptions options, Session q) {
        this.options = options;
        this.q = q;
    }

    static void run(BenchOptions options) {
        try (Session q = Quiver.local(Options.defaults().slots(options.slots()).quiet());
                var work = new CancelWork(q, options.data(), options.rows())) {
            new CancelBench(options, q).run(work);
        }
    }

    private int tries() {
        return options.rounds() - options.warmUps();
    }

    private void run(CancelWork work) {
        System.out.printf(
                "%nFrom cancel to free slots and bytes, %d tries each, %,d rows, %d slots, seed"
                        + " %d%n%n",
                tries(), options.rows(), options.slots(), SEED);
        System.out.printf(
                "%-18s %10s %10s %10s %14s %10s%n",
                "milliseconds", "p50", "p99", "max", "returned, max", "whole run");
        work.queries()
                .forEach((name, kind) -> {
                    long nanos = wholeRun(kind);
                    work.removeFiles();
                    measure(name, kind, nanos, nanos, work);
                });
        work.loops().forEach((name, kind) -> measure(name, kind, LOOP_NANOS, 0, work));
        System.out.printf(
                "%nbelow %.0f ms in all tries: %s%n",
                LIMIT_MILLIS, worstMillis < LIMIT_MILLIS ? "yes" : "no");
        options.out().ifPresent(measurements::write);
    }

    /// Nanoseconds of the fastest warm-up.
    private long wholeRun(Kind kind) {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < Math.max(1, options.warmUps()); i++) {
            long begin = System.nanoTime();
            kind.begin().end();
            fastest = Math.min(fastest, System.nanoTime() - begin);
        }
        return fastest;
    }

    private void measure(String name, Kind kind, long spanNanos, long runNanos, CancelWork work) {
        var millis = new double[tries()];
        double latestReturn = 0;
        for (int i = 0; i < millis.length; i++) {
            Freed freed = measuredTry(name, kind, spanNanos, work);
            millis[i] = freed.millis;
            latestReturn = Math.max(latestReturn, freed.returnedMillis);
            add(name, i, freed.millis);
            add(name + " (returned)", i, freed.returnedMillis);
        }
        Arrays.sort(millis);
        worstMillis = Math.max(worstMillis, millis[millis.length - 1]);
        System.out.printf(
                "%-18s %10.2f %10.2f %10.2f %14.2f %10s%n",
                name,
                Measurements.quantile(millis, 0.5),
                Measurements.quantile(millis, 0.99),
                millis[millis.length - 1],
                latestReturn,
                runNanos == 0 ? "endless" : "%.0f".formatted(runNanos / 1e6));
    }

    private void add(String question, int tryIndex, double millis) {
        int round = options.warmUps() + tryIndex;
        measurements.add(new Run(question, Contest.QUIVER, Versions.QUIVER, round, millis, "ms"));
    }

    /// Cancels once. Work that was over too soon is faster than it was when it was measured, as
    /// after its compilation: the next try comes sooner.
    private Freed measuredTry(String name, Kind kind, long spanNanos, CancelWork work) {
        double span = spanNanos;
        for (int misses = 0; misses < MISSES_MAX; misses++) {
            long bytesBefore = q.usage().memoryBytes();
            Begun begun = kind.begin();
            while (q.usage().slotsBusy() == 0 && !begun.hasEnded()) Thread.onSpinWait();
            LockSupport.parkNanos((long) (random.nextDouble() * LATEST * span));
            long from = System.nanoTime();
            begun.cancel();
            Freed freed = awaitFree(name, begun, bytesBefore, from);
            if (begun.end()) {
                List<Path> left = work.written();
                if (left.isEmpty()) return freed;
                throw new IllegalStateException("cancelled work left files: " + left);
            }
            work.removeFiles();
            span *= SOONER;
        }
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "%s is over before it can be cancelled".formatted(name),
                List.of("rows: %d".formatted(options.rows())),
                "give more --rows");
    }

    private Freed awaitFree(String name, Begun begun, long bytesBefore, long from) {
        long free = 0;
        long returned = 0;
        while (true) {
            if (returned == 0 && begun.hasEnded()) returned = System.nanoTime();
            if (!isFree(bytesBefore)) {
                free = 0;
            } else if (free == 0) {
                q.run(() -> {}).result();
                if (isFree(bytesBefore)) free = System.nanoTime();
            } else if (returned != 0) {
                return new Freed((free - from) / 1e6, (returned - from) / 1e6);
            }
            if (System.nanoTime() - from > PATIENCE_NANOS)
                throw new IllegalStateException(
                        "%s isn't over long after its cancel: %s, %d bytes before"
                                .formatted(name, q.usage(), bytesBefore));
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private boolean isFree(long bytesBefore) {
        Usage usage = q.usage();
        return usage.slotsBusy() == 0 && usage.memoryBytes() <= bytesBefore;
    }
}
