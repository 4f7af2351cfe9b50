package dev.quiver.cluster.log;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.scheduler.state.Retained;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log of a cluster in a directory. One thread writes all entries that came while it wrote the
/// ones before, and makes them safe together.
public final class DiskLog implements ClusterLog {
    private static final Logger LOG = LoggerFactory.getLogger(DiskLog.class);

    /// So many entries are written together at most.
    private static final int BATCH_MAX = 4096;

    /// A smaller log isn't worth writing anew.
    private static final long COMPACTED_BYTES_MIN = 64L << 20;

    /// A log is written anew that has become so many times as long as it was after the last time.
    private static final int GROWTH = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private sealed interface Order {
        record Write(long number, LogEntry entry) implements Order {}

        /// @param head says who is known
        record Compact(List<LogEntry> head, Retained retained) implements Order {}

        record End() implements Order {}
    }

    private final Path directory;
    private final LogFile file;
    private final int epoch;
    private final Roster roster = new Roster();
    private final LinkedBlockingQueue<Order> orders = new LinkedBlockingQueue<>();
    private final Thread writer;
    private final long compactedBytesMin;
    private List<LogEntry> entries;
    private long last;
    private long safe;
    private @Nullable QuiverException broken;
    private Runnable progress = () -> {};
    private Runnable grown = () -> {};
    private long compactedBytes;
    private boolean compacting;

    private DiskLog(Path directory, String version, long compactedBytesMin) {
        this.directory = directory;
        this.compactedBytesMin = compactedBytesMin;
        this.file = LogFile.open(directory, version);
        this.entries = file.takeEntries();
        entries.forEach(roster::add);
        boolean fresh = entries.isEmpty();
        this.epoch = fresh ? 0 : roster.epoch() + 1;
        this.compactedBytes = file.bytes();
        this.writer = Thread.ofPlatform().daemon().name("quiver-log").unstarted(this::write);
        append(new LogEntry.Opened(epoch));
    }

    /// Opens the log of a directory, or makes both; its jobs go on.
    ///
    /// @param version of Quiver, for people
    /// @throws QuiverException when it can't be used or read
    public static DiskLog open(Path directory, String version) {
        return new DiskLog(directory, version, COMPACTED_BYTES_MIN);
    }

    /// @param compactedBytesMin a smaller one isn't written anew
    static DiskLog open(Path directory, String version, long compactedBytesMin) {
        return new DiskLog(directory, version, compactedBytesMin);
    }

    @Override
    public long cluster() {
        return file.cluster();
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
    public synchronized long append(LogEntry entry) {
        roster.add(entry);
        orders.add(new Order.Write(++last, entry));
        return last;
    }

    @Override
    public synchronized long safe() {
        if (broken != null) throw broken;
        return safe;
    }

    @Override
    public synchronized void settle(LogEntry entry) {
        long number = append(entry);
        try {
            while (safe < number) {
                if (broken != null) throw broken;
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while an entry was written", e);
        }
    }

    @Override
    public void start(Runnable onProgress, Runnable onGrown) {
        progress = onProgress;
        grown = onGrown;
        writer.start();
    }

    @Override
    public synchronized void compact(Retained retained) {
        orders.add(new Order.Compact(roster.entries(), retained));
    }

    private void write() {
        var batch = new ArrayList<LogEntry>();
        long number = 0;
        try {
            while (true) {
                Order order = orders.take();
                batch.clear();
                while (order instanceof Order.Write(long its, LogEntry entry)) {
                    batch.add(entry);
                    number = its;
                    if (batch.size() == BATCH_MAX || !(orders.peek() instanceof Order.Write)) break;
                    order = orders.take();
                }
                if (!batch.isEmpty()) {
                    file.append(batch);
                    wrote(number);
                } else if (order instanceof Order.Compact(var head, var retained)) {
                    compact(head, retained);
                } else {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private void wrote(long number) {
        synchronized (this) {
            safe = number;
            notifyAll();
        }
        progress.run();
        long bytes = Math.max(compactedBytesMin, GROWTH * compactedBytes);
        if (compacting || file.bytes() < bytes) return;
        compacting = true;
        grown.run();
    }

    private void compact(List<LogEntry> head, Retained retained) throws IOException {
        long before = file.bytes();
        List<LogEntry> tail =
                Stream.concat(retained.heard().stream(), retained.shared().stream())
                        .map(entry -> (LogEntry) new LogEntry.Job(entry, List.of()))
                        .toList();
        file.rewrite(head, entry -> left(entry, retained), tail);
        compactedBytes = file.bytes();
        compacting = false;
        LOG.info("the log of jobs shrank from {} to {} bytes", before, compactedBytes);
    }

    private static Optional<LogEntry> left(LogEntry entry, Retained retained) {
        return switch (entry) {
            case LogEntry.Job(var record, var codes) ->
                    retained.needed(record).map(needed -> new LogEntry.Job(needed, codes));
            case LogEntry.Opened _,
                    LogEntry.ClientCame _,
                    LogEntry.ClientGone _,
                    LogEntry.StagesGiven _,
                    LogEntry.WorkerCame _,
                    LogEntry.WorkerGone _,
                    LogEntry.Given _ ->
                    Optional.empty();
        };
    }

    private void fail(Exception cause) {
        LOG.error("the log of jobs can't be written", cause);
        synchronized (this) {
            broken =
                    new QuiverException(
                            ErrorCode.IO_FAILED,
                            "the log of jobs in %s can't be written: %s"
                                    .formatted(directory, cause),
                            List.of(),
                            "make room on its disk and start the scheduler again with the same"
                                    + " --dir: its jobs go on",
                            cause);
            notifyAll();
        }
        progress.run();
    }

    /// Writes what was left, then lets the directory go.
    @Override
    public void close() {
        orders.add(new Order.End());
        try {
            if (writer.isAlive() && !writer.join(PATIENCE))
                LOG.warn("the log of jobs in {} takes long to close", directory);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        file.close();
    }
}
