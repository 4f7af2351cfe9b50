package dev.quiver.cluster.log;

import dev.quiver.scheduler.state.Retained;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// The log of a cluster that ends with its scheduler: nothing is kept.
public final class VolatileLog implements ClusterLog {
    private final long cluster = ThreadLocalRandom.current().nextLong();
    private final Roster roster = new Roster();
    private long last;

    @Override
    public long cluster() {
        return cluster;
    }

    @Override
    public int epoch() {
        return 0;
    }

    @Override
    public Roster roster() {
        return roster;
    }

    @Override
    public List<LogEntry> takeEntries() {
        return List.of();
    }

    @Override
    public synchronized long append(LogEntry entry) {
        return ++last;
    }

    @Override
    public synchronized long safe() {
        return last;
    }

    @Override
    public void settle(LogEntry entry) {
        append(entry);
    }

    @Override
    public void start(Runnable progress, Runnable grown) {}

    @Override
    public void compact(Retained retained) {}

    @Override
    public void close() {}
}
