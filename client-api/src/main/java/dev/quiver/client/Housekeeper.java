package dev.quiver.client;

import dev.quiver.protocol.Inbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// The thread of a session that wakes up when time matters, and that takes over from threads of the
/// user's which would run the scheduler for too long. Sleeps otherwise.
final class Housekeeper implements Inbox.Relief {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Thread thread;
    private final LongSupplier clock;
    private final Queue<Runnable> relieved = new ConcurrentLinkedQueue<>();
    private final List<Alarm> alarms = new ArrayList<>();
    private volatile boolean closed;

    Housekeeper(String name, LongSupplier clock) {
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    /// A time at which something is to be done; before the start.
    Alarm alarm(Runnable action) {
        var alarm = new Alarm(thread, action);
        alarms.add(alarm);
        return alarm;
    }

    void start() {
        thread.start();
    }

    @Override
    public boolean takeOver(Runnable reading) {
        Thread current = Thread.currentThread();
        if (closed || current == thread || current instanceof dev.quiver.worker.server.Slot)
            return false;
        relieved.add(reading);
        LockSupport.unpark(thread);
        return true;
    }

    private void run() {
        while (true) {
            for (Runnable next = relieved.poll(); next != null; next = relieved.poll()) next.run();
            if (closed) return;
            long now = clock.getAsLong();
            long wake = Long.MAX_VALUE;
            for (Alarm alarm : alarms) wake = Math.min(wake, alarm.ring(now));
            if (!relieved.isEmpty()) continue;
            if (wake == Long.MAX_VALUE) LockSupport.park(this);
            else LockSupport.parkNanos(this, wake - now);
        }
    }

    /// Ends the thread, and waits for it unless it is interrupted.
    void close() {
        closed = true;
        LockSupport.unpark(thread);
        if (Thread.currentThread() == thread) return;
        try {
            var _ = thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Set from any thread, rings in the housekeeper's.
    static final class Alarm {
        private final Thread thread;
        private final Runnable action;
        private final AtomicLong dueNanos = new AtomicLong(Long.MAX_VALUE);

        private Alarm(Thread thread, Runnable action) {
            this.thread = thread;
            this.action = action;
        }

        /// Replaces the time, by the session's clock; `Long.MAX_VALUE` is never.
        void set(long nanos) {
            if (dueNanos.get() == nanos) return;
            long before = dueNanos.getAndSet(nanos);
            if (nanos < before) LockSupport.unpark(thread);
        }

        /// Does what is due.
        ///
        /// @return when it is due next
        private long ring(long now) {
            long due = dueNanos.get();
            if (due <= now && dueNanos.compareAndSet(due, Long.MAX_VALUE)) action.run();
            return dueNanos.get();
        }
    }
}
