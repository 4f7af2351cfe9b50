package dev.quiver.client;

import dev.quiver.operator.Bytes;
import dev.quiver.operator.Closures;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The futures of a stage of user code that haven't ended, by partition.
final class TaskPages implements TravellingTasks {
    /// So many tasks a stage gets before the next one begins: the scheduler forgets stages whole.
    static final int SIZE = 1 << 14;

    private static final int PAGE_BITS = 10;
    private static final int PAGE = 1 << PAGE_BITS;

    /// Some futures that follow each other.
    private static final class Page {
        private final AtomicReferenceArray<@Nullable TaskFuture<?>> futures =
                new AtomicReferenceArray<>(PAGE);
    }

    private final AtomicReferenceArray<@Nullable Page> pages =
            new AtomicReferenceArray<>(SIZE / PAGE);

    /// Only for one thread at a time.
    void put(int partition, TaskFuture<?> future) {
        Page page = pages.getPlain(partition >> PAGE_BITS);
        if (page == null) {
            page = new Page();
            pages.set(partition >> PAGE_BITS, page);
        }
        page.futures.setRelease(partition & PAGE - 1, future);
    }

    /// Null when it has ended.
    @Nullable TaskFuture<?> get(int partition) {
        Page page = pages.getAcquire(partition >> PAGE_BITS);
        return page == null ? null : page.futures.getAcquire(partition & PAGE - 1);
    }

    /// Lets go of a future that has ended.
    @Nullable TaskFuture<?> take(int partition) {
        Page page = pages.getAcquire(partition >> PAGE_BITS);
        return page == null ? null : page.futures.getAndSet(partition & PAGE - 1, null);
    }

    @Override
    public Closures.Closure closure(int partition) {
        TaskFuture<?> future = get(partition);
        return future == null ? TaskFuture.ENDED : future;
    }

    @Override
    public Bytes encoded(int partition, ToIntFunction<Packed> shared) {
        TaskFuture<?> future = get(partition);
        return future == null ? Bytes.NONE : future.encoded(shared);
    }
}
