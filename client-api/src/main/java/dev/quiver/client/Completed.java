package dev.quiver.client;

import dev.quiver.dataframe.QFuture;
import dev.quiver.error.Cancelled;
import dev.quiver.worker.server.Slot;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Futures in the order in which they end, failed and cancelled ones too.
///
/// ```java
/// for (QFuture<Integer> done : q.asCompleted(futures)) System.out.println(done.result());
/// ```
///
/// Each future is given once, whoever asks: several threads may take turns. More may be added while
/// some are left, also by the loop itself.
public final class Completed<R> implements Iterable<QFuture<R>> {
    private final LinkedBlockingQueue<QFuture<R>> ended = new LinkedBlockingQueue<>();

    /// Those that haven't ended.
    private final Set<QFuture<R>> open = ConcurrentHashMap.newKeySet();

    /// How many haven't been promised to anybody.
    private final AtomicInteger left = new AtomicInteger();

    Completed(Collection<QFuture<R>> futures) {
        futures.forEach(this::add);
    }

    /// Adds a future, which is given when it has ended.
    public void add(QFuture<R> future) {
        left.incrementAndGet();
        if (future instanceof TaskFuture<R> task) {
            open.add(future);
            task.onEnd(() -> {
                open.remove(future);
                ended.add(future);
            });
            return;
        }
        if (future.status().isFinal()) {
            ended.add(future);
            return;
        }
        var _ = future.toCompletableFuture().whenComplete((_, _) -> ended.add(future));
    }

    /// Waits at each step for the next one that ends.
    @Override
    public Iterator<QFuture<R>> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return left.get() > 0;
            }

            @Override
            public QFuture<R> next() {
                return take();
            }
        };
    }

    /// The same as a stream, which waits as it is read.
    public Stream<QFuture<R>> stream() {
        return StreamSupport.stream(spliterator(), false);
    }

    private QFuture<R> take() {
        int before = left.getAndUpdate(count -> Math.max(0, count - 1));
        if (before == 0) throw new NoSuchElementException("all futures were given");
        QFuture<R> there = ended.poll();
        if (there != null) return there;
        try (var _ = Slot.yielded()) {
            return ended.take();
        } catch (InterruptedException e) {
            left.incrementAndGet();
            Thread.currentThread().interrupt();
            boolean isCancelled = FrontEnd.interruptsCancel();
            if (isCancelled) open.forEach(QFuture::cancel);
            throw new Cancelled(
                    "the thread was interrupted while it waited for the next of %d futures"
                            .formatted(before),
                    List.of(isCancelled ? "the tasks were cancelled" : "the tasks go on"),
                    isCancelled
                            ? "run the cell again when they are wanted"
                            : "cancel() the tasks too, if their results aren't wanted",
                    e);
        }
    }
}
