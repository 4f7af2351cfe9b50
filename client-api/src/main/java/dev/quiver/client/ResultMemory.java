package dev.quiver.client;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.MemoryRelief;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.graph.TaskKey;
import java.lang.ref.Cleaner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Counts the results of tasks, by the estimate of [ResultSize], in the session's memory.
///
/// A result counts as long as its future (or a task that needs it) can be reached. Small ones of a
/// stage are counted together and go together with the last of their futures, since millions of
/// them mustn't cost more than they are.
final class ResultMemory implements AutoCloseable {
    /// Results of at most so many bytes are counted together.
    static final int SMALL_BYTES = 256;

    private static final int STEP_BYTES = 16 << 10;
    private static final long COLLECTION_PAUSE_NANOS = 200_000_000L;
    private static final long PATIENCE_NANOS = 500_000_000L;
    private static final int LOOK_MILLIS = 2;
    private static final Cleaner CLEANER = Cleaner.create();

    private final MemoryPool pool;
    private final Set<Charge> charges = ConcurrentHashMap.newKeySet();
    private final MemoryRelief relief = this::relieve;
    private final AtomicLong freed = new AtomicLong();
    private long pausedUntilNanos = System.nanoTime();
    private volatile boolean closed;

    ResultMemory(MemoryPool pool) {
        this.pool = pool;
        pool.addRelief(relief);
    }

    /// A large result and what it counts for; whoever holds the result holds this.
    record Counted(Object value) {}

    /// Bytes that are counted until [#close]. Grows in steps.
    final class Charge implements AutoCloseable {
        private final MemoryAccount account;
        private final AtomicLong used = new AtomicLong();
        private volatile long reserved;
        private boolean ended;

        private Charge(Owner owner) {
            account = pool.account(owner);
        }

        /// @throws dev.quiver.error.MemoryRefused when the budget doesn't have them
        void add(long bytes) {
            long needed = used.addAndGet(bytes);
            if (needed > reserved) grow(needed);
        }

        private synchronized void grow(long needed) {
            long more = Math.ceilDiv(needed, STEP_BYTES) * STEP_BYTES - reserved;
            if (ended || more <= 0) return;
            account.reserve(more);
            reserved += more;
        }

        private synchronized void reserve(long bytes) {
            if (ended) return;
            account.reserve(bytes);
            reserved = bytes;
        }

        @Override
        public synchronized void close() {
            if (ended) return;
            ended = true;
            charges.remove(this);
            freed.addAndGet(reserved);
            account.close();
        }
    }

    /// What the small results of a stage count for, until somebody closes it.
    Charge small(int stage) {
        return begin(new Owner("stage " + stage, "Results", -1));
    }

    private Charge begin(Owner owner) {
        var charge = new Charge(owner);
        charges.add(charge);
        if (closed) charge.close();
        return charge;
    }

    /// Counts a result.
    ///
    /// @param small where it is counted when it is small
    /// @return the result, or what stands for it
    /// @throws dev.quiver.error.MemoryRefused when the budget doesn't have room for it
    Object count(Object result, int stage, int partition, Charge small) {
        long bytes = ResultSize.of(result);
        if (bytes <= SMALL_BYTES) {
            small.add(bytes);
            return result;
        }
        Charge charge = begin(new Owner("task " + new TaskKey(stage, partition), "Result", -1));
        try {
            charge.reserve(bytes);
        } catch (RuntimeException e) {
            charge.close();
            throw e;
        }
        var counted = new Counted(result);
        CLEANER.register(counted, charge::close);
        return counted;
    }

    /// Counts a value that this process gives to tasks, until somebody closes it.
    ///
    /// @throws dev.quiver.error.MemoryRefused when the budget doesn't have room for it
    Charge scattered(Object value, int stage) {
        Charge charge = begin(new Owner("stage " + stage, "Scattered", -1));
        try {
            charge.reserve(ResultSize.of(value));
            return charge;
        } catch (RuntimeException e) {
            charge.close();
            throw e;
        }
    }

    /// Looks for results that nobody can reach any more; after looking in vain not again for a
    /// while.
    ///
    /// @return whether some were found
    private synchronized boolean relieve() {
        long begin = System.nanoTime();
        if (charges.isEmpty() || begin - pausedUntilNanos < 0) return false;
        long before = freed.get();
        System.gc();
        while (freed.get() == before && System.nanoTime() - begin < PATIENCE_NANOS) {
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        boolean found = freed.get() != before;
        if (!found) pausedUntilNanos = System.nanoTime() + COLLECTION_PAUSE_NANOS;
        return found;
    }

    /// Counts nothing any more.
    @Override
    public void close() {
        closed = true;
        pool.removeRelief(relief);
        charges.forEach(Charge::close);
    }
}
