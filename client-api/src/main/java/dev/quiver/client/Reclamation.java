package dev.quiver.client;

import dev.quiver.columnar.memory.MemoryRelief;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Frees what nobody can reach any more: persisted frames and tables whose last variable, frame and
/// query has gone. The garbage collector finds out, which it does late where the heap is large and
/// the data is outside it; so it is asked to when memory runs short, before anything is written to
/// files or refused.
final class Reclamation implements MemoryRelief, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reclamation.class);
    private static final ReferenceQueue<Object> UNREACHABLE = new ReferenceQueue<>();

    /// Asking the collector in vain takes at most a twentieth of the time, and less and less.
    private static final int PAUSE_FACTOR = 20;

    /// While it finds something, a quarter.
    private static final int PAUSE_FACTOR_FOUND = 4;

    private static final int DOUBLINGS_MAX = 8;
    private static final long PAUSE_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(500);

    /// Whoever asks for memory may have locks that releasing needs, so it doesn't wait for ever.
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Thread RELEASING =
            Thread.ofPlatform()
                    .daemon()
                    .inheritInheritableThreadLocals(false)
                    .name("quiver-reclamation")
                    .unstarted(Reclamation::releaseForever);

    static {
        RELEASING.setContextClassLoader(ClassLoader.getSystemClassLoader());
        RELEASING.start();
    }

    private final Set<Tracked> tracked = ConcurrentHashMap.newKeySet();
    private final AtomicLong awayBytes = new AtomicLong();
    private long pausedUntilNanos = System.nanoTime();

    /// How often something was released because the collector was asked.
    private final AtomicInteger successes = new AtomicInteger();

    /// How often in a row nothing was found.
    private final AtomicInteger inVain = new AtomicInteger();

    /// Something that is released when its holder can't be reached any more.
    final class Tracked extends PhantomReference<Object> {
        private final Runnable release;
        private volatile boolean released;

        private Tracked(Object holder, Runnable release) {
            super(holder, UNREACHABLE);
            this.release = release;
        }

        /// It has been released in another way.
        void forget() {
            tracked.remove(this);
            clear();
        }

        private void release() {
            try {
                if (tracked.remove(this)) release.run();
            } catch (RuntimeException e) {
                LOG.warn("what nobody can reach any more wasn't released", e);
            } finally {
                released = true;
            }
        }
    }

    /// Releases something when `holder` can't be reached any more.
    ///
    /// @param release must not reach `holder`
    Tracked track(Object holder, Runnable release) {
        var made = new Tracked(holder, release);
        tracked.add(made);
        inVain.set(0);
        return made;
    }

    private static void releaseForever() {
        while (true) {
            try {
                if (UNREACHABLE.remove() instanceof Tracked gone) gone.release();
            } catch (InterruptedException e) {
                LOG.debug("nobody is to interrupt this thread", e);
            }
        }
    }

    /// Counts bytes that are about to be held where this process doesn't see what is left.
    ///
    /// @param budgetBytes how many there are room for
    void holdsAway(long bytes, long budgetBytes) {
        if (awayBytes.addAndGet(bytes) < budgetBytes / PAUSE_FACTOR) return;
        awayBytes.set(0);
        relieve();
    }

    @Override
    public boolean relieve() {
        int before = successes.get();
        synchronized (this) {
            // whoever was waited for has freed what this one would have found, too
            return successes.get() != before || collect();
        }
    }

    private boolean collect() {
        long begin = System.nanoTime();
        if (tracked.isEmpty()
                || begin - pausedUntilNanos < 0
                || Thread.currentThread() == RELEASING) return false;
        System.gc();
        long tookNanos = System.nanoTime() - begin;
        List<Tracked> gone = tracked.stream().filter(each -> each.refersTo(null)).toList();
        pausedUntilNanos = begin + tookNanos + pauseNanos(tookNanos, gone.isEmpty());
        boolean released = awaitReleased(gone);
        if (released) successes.incrementAndGet();
        return released;
    }

    private long pauseNanos(long tookNanos, boolean nothing) {
        if (nothing) {
            int doublings = Math.min(inVain.getAndIncrement(), DOUBLINGS_MAX);
            return Math.max(PAUSE_NANOS_MIN, PAUSE_FACTOR * tookNanos) << doublings;
        }
        inVain.set(0);
        return PAUSE_FACTOR_FOUND * tookNanos;
    }

    /// @return whether any was
    private static boolean awaitReleased(List<Tracked> gone) {
        long begin = System.nanoTime();
        while (!gone.stream().allMatch(each -> each.released)
                && System.nanoTime() - begin < PATIENCE_NANOS) {
            try {
                TimeUnit.MILLISECONDS.sleep(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return gone.stream().anyMatch(each -> each.released);
    }

    /// Releases nothing any more.
    @Override
    public void close() {
        tracked.forEach(Tracked::clear);
        tracked.clear();
    }
}
