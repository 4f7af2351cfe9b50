package dev.quiver.cluster.log;

import dev.quiver.error.QuiverException;
import dev.quiver.scheduler.state.Retained;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The log of a cluster in the hands of the scheduler that is active, as long as it is: an entry is
/// safe when a majority of the schedulers has written it.
final class ReplicatedLog implements ClusterLog {
    /// What was left to be written.
    sealed interface Order {
        /// @param number of the entry
        record Write(long number, LogEntry entry) implements Order {}

        /// @param head says who is known
        record Compact(List<LogEntry> head, Retained retained) implements Order {}
    }

    private record Mark(long index, long number) {}

    private final int epoch;
    private final long cluster;
    private final Roster roster = new Roster();
    private final Runnable wake;
    private final Deque<Mark> marks = new ArrayDeque<>();
    private List<LogEntry> entries;
    private List<Order> orders = new ArrayList<>();
    private long last;
    private long safe;
    private @Nullable QuiverException ended;
    private Runnable progress = () -> {};
    private Runnable grown = () -> {};

    /// @param epoch of its scheduler
    /// @param entries all that were written before; taken over
    /// @param wake is called when there are orders
    ReplicatedLog(int epoch, List<LogEntry> entries, Runnable wake) {
        this.epoch = epoch;
        this.entries = entries;
        this.wake = wake;
        entries.forEach(roster::add);
        if (roster.cluster().isEmpty())
            append(new LogEntry.Founded(ThreadLocalRandom.current().nextLong()));
        this.cluster = roster.cluster().orElseThrow();
    }

    @Override
    public long cluster() {
        return cluster;
    }

    @Override
    public int epoch() {
        return epoch;
    }

    @Override
    public Roster roster() {
        return roster;
    }

    @Override
    public synchronized List<LogEntry> takeEntries() {
        var taken = entries;
        entries = List.of();
        return taken;
    }

    @Override
    public long append(LogEntry entry) {
        long number;
        synchronized (this) {
            roster.add(entry);
            number = ++last;
            orders.add(new Order.Write(number, entry));
        }
        wake.run();
        return number;
    }

    @Override
    public synchronized long safe() {
        if (ended != null) throw ended;
        return safe;
    }

    @Override
    public void settle(LogEntry entry) {
        long number = append(entry);
        synchronized (this) {
            try {
                while (safe < number) {
                    if (ended != null) throw ended;
                    wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while an entry was written", e);
            }
        }
    }

    @Override
    public synchronized void start(Runnable onProgress, Runnable onGrown) {
        progress = onProgress;
        grown = onGrown;
    }

    @Override
    public void compact(Retained retained) {
        synchronized (this) {
            orders.add(new Order.Compact(roster.entries(), retained));
        }
        wake.run();
    }

    /// What was left since the last time.
    synchronized List<Order> takeOrders() {
        if (orders.isEmpty()) return List.of();
        var taken = orders;
        orders = new ArrayList<>();
        return taken;
    }

    /// Entries up to a number were proposed as one.
    ///
    /// @param index which becomes safe when they are
    void proposed(long index, long number) {
        marks.add(new Mark(index, number));
    }

    /// A majority has written all up to there.
    void committed(long index) {
        Runnable told;
        synchronized (this) {
            long before = safe;
            while (!marks.isEmpty() && marks.getFirst().index <= index)
                safe = marks.removeFirst().number;
            if (safe == before) return;
            notifyAll();
            told = progress;
        }
        told.run();
    }

    /// It should be written anew.
    void grow() {
        Runnable told;
        synchronized (this) {
            told = grown;
        }
        told.run();
    }

    /// Nothing becomes safe any more.
    void end(QuiverException why) {
        Runnable told;
        synchronized (this) {
            if (ended != null) return;
            ended = why;
            notifyAll();
            told = progress;
        }
        told.run();
    }

    /// Belongs to who made it: see [Replica].
    @Override
    public void close() {}
}
