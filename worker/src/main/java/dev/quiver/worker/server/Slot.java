package dev.quiver.worker.server;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread that runs tasks one after the other. A daemon: it keeps no process alive.
public final class Slot extends Thread {
    /// So long a slot without work looks for it before it sleeps: longer than a task takes from its
    /// submission to here, too short to be seen on a meter.
    private static final long SEARCH_NANOS = 20_000;

    private static final int SPINS_PER_LOOK = 32;

    private final Slots slots;
    private final AtomicBoolean parked = new AtomicBoolean();
    private volatile @Nullable Attempt attempt;
    private boolean isYielded;

    Slot(Slots slots, String name) {
        super(null, null, name, 0, false);
        this.slots = slots;
        setDaemon(true);
    }

    /// Throws when the current thread runs a task whose result isn't wanted any more.
    ///
    /// @throws dev.quiver.error.Cancelled then
    public static void checkCancelled() {
        if (Thread.currentThread() instanceof Slot slot) {
            Attempt current = slot.attempt;
            if (current != null) current.check();
        }
    }

    /// The worker whose task the current thread runs; empty where it runs none.
    public static Optional<WorkerShell> worker() {
        return Thread.currentThread() instanceof Slot slot && slot.attempt != null
                ? Optional.of(slot.slots.shell())
                : Optional.empty();
    }

    /// What the current thread waits for other tasks in: see [#yielded].
    public interface Yielded extends AutoCloseable {
        /// Waits for a slot, unless the task isn't wanted any more.
        @Override
        void close();
    }

    private static final Yielded NOTHING = () -> {};

    /// The current thread is going to wait for other tasks: the task that it runs, if it does,
    /// gives its slot back until what is returned is closed.
    public static Yielded yielded() {
        if (!(Thread.currentThread() instanceof Slot slot)) return NOTHING;
        Attempt current = slot.attempt;
        if (current == null || slot.isYielded) return NOTHING;
        slot.isYielded = true;
        slot.slots.shell().giveBack(current);
        return () -> {
            slot.slots.shell().resume(current);
            slot.isYielded = false;
        };
    }

    @Override
    public void run() {
        while (true) {
            Attempt next = next();
            if (next == null) return;
            attempt = next;
            WorkerShell.Ended ended = slots.shell().execute(next);
            attempt = null;
            slots.searchAgain();
            slots.shell().end(ended);
        }
    }

    /// Looks for a task for a while, then sleeps until one comes.
    ///
    /// @return null when there will be none
    private @Nullable Attempt next() {
        while (true) {
            long deadline = System.nanoTime() + SEARCH_NANOS;
            do {
                Attempt found = slots.poll();
                if (found != null) return found;
                if (slots.isClosed()) return null;
                for (int i = 0; i < SPINS_PER_LOOK; i++) Thread.onSpinWait();
            } while (System.nanoTime() - deadline < 0);
            sleep();
        }
    }

    private void sleep() {
        parked.set(true);
        slots.stopSearching();
        if (slots.hasWork() || slots.isClosed()) wake();
        while (parked.get()) LockSupport.park(slots);
    }

    /// Ends its sleep.
    ///
    /// @return false when it wasn't asleep
    boolean wake() {
        if (!parked.compareAndSet(true, false)) return false;
        slots.startSearching();
        if (this != Thread.currentThread()) LockSupport.unpark(this);
        return true;
    }
}
