package dev.quiver.cluster.node;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The thread of a process that wakes up when time matters.
final class AlarmClock implements AutoCloseable {
    private final long originNanos = System.nanoTime();
    private final ScheduledExecutorService thread;

    AlarmClock(String name) {
        this.thread =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name(name).factory());
    }

    /// Nanoseconds since it was made.
    long nanos() {
        return System.nanoTime() - originNanos;
    }

    /// Does something again and again.
    void every(long millis, Runnable action) {
        var _ = thread.scheduleAtFixedRate(action, millis, millis, TimeUnit.MILLISECONDS);
    }

    /// Does something soon in the clock's thread.
    void soon(Runnable action) {
        thread.execute(action);
    }

    /// Something to be done at a time that is set later.
    Alarm alarm(Runnable action) {
        return new Alarm(action);
    }

    /// Set from any thread.
    final class Alarm {
        private final Runnable action;
        private long dueNanos = Long.MAX_VALUE;
        private @Nullable ScheduledFuture<?> pending;

        private Alarm(Runnable action) {
            this.action = action;
        }

        /// Replaces the time, by [AlarmClock#nanos]; `Long.MAX_VALUE` is never.
        synchronized void set(long nanos) {
            if (dueNanos == nanos) return;
            dueNanos = nanos;
            if (pending != null) pending.cancel(false);
            pending = null;
            if (nanos == Long.MAX_VALUE || thread.isShutdown()) return;
            long delay = Math.max(0, nanos - nanos());
            pending = thread.schedule(this::ring, delay, TimeUnit.NANOSECONDS);
        }

        private void ring() {
            synchronized (this) {
                dueNanos = Long.MAX_VALUE;
                pending = null;
            }
            action.run();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
