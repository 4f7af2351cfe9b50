package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Inquiry;
import dev.quiver.cluster.control.PublishedRows;
import dev.quiver.cluster.control.PublishedRows.Partition;
import dev.quiver.scheduler.server.FirstRows;
import dev.quiver.scheduler.server.FrameHead;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// Asks workers for the first rows of published frames that they hold, for people. Thread-safe.
final class FrameHeads {
    /// So long workers may take for it, all together.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// So many questions may be open at once.
    private static final int OPEN_MAX = 64;

    private final Workers workers;
    private final Map<Long, CompletableFuture<FirstRows>> open = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    /// Those who hold outputs.
    @FunctionalInterface
    interface Workers {
        /// Asks one; returns at once.
        ///
        /// @return false when it has gone
        boolean ask(int worker, Inquiry.Head asked);
    }

    FrameHeads(Workers workers) {
        this.workers = workers;
    }

    /// A worker has answered.
    void take(long number, FirstRows rows) {
        CompletableFuture<FirstRows> waits = open.remove(number);
        if (waits != null) waits.complete(rows);
    }

    /// Waits for workers: as many partitions are asked for as have the rows, one after the other.
    FirstRows of(PublishedRows frame) {
        List<String> names = frame.schema().names();
        List<String> columns = names.subList(0, Math.min(FrameHead.COLUMNS_MAX, names.size()));
        long until = System.nanoTime() + PATIENCE.toNanos();
        var rows = new ArrayList<List<Optional<String>>>();
        for (int i = 0; i < frame.partitions().size() && rows.size() < FrameHead.ROWS_MAX; i++) {
            Optional<Partition> partition = frame.partitions().get(i);
            if (partition.isEmpty())
                return new FirstRows.Missing(
                        "The worker that held its first rows was lost: they are made anew. Look"
                                + " again in a while.");
            if (partition.get().rows() == 0) continue;
            var asked =
                    new Inquiry.Head(
                            numbers.incrementAndGet(),
                            frame.stage(),
                            i,
                            partition.get().attempt(),
                            columns,
                            FrameHead.ROWS_MAX - rows.size());
            switch (ask(partition.get().holder().worker(), asked, until)) {
                case FirstRows.Missing missing -> {
                    return missing;
                }
                case FirstRows.There(FrameHead head) -> rows.addAll(head.rows());
            }
        }
        return new FirstRows.There(new FrameHead(columns, rows));
    }

    private FirstRows ask(int worker, Inquiry.Head asked, long until) {
        if (open.size() >= OPEN_MAX)
            return new FirstRows.Missing("Too many people ask for rows at once. Look again.");
        var waits = new CompletableFuture<FirstRows>();
        open.put(asked.number(), waits);
        try {
            if (!workers.ask(worker, asked))
                return new FirstRows.Missing(
                        "Worker %d, which held its first rows, has gone. Look again in a while."
                                .formatted(worker));
            return waits.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return new FirstRows.Missing(
                    "Worker %d, which holds its first rows, doesn’t answer in time. Look again, or at the worker’s page."
                            .formatted(worker));
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody fails it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new FirstRows.Missing("Asking for its rows was interrupted. Look again.");
        } finally {
            open.remove(asked.number());
        }
    }
}
