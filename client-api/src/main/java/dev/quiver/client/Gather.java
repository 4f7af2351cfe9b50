package dev.quiver.client;

import dev.quiver.dataframe.QFuture;
import dev.quiver.error.Cancelled;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Waits for many futures with few wake-ups: for the last one first, since tasks mostly end in the
/// order in which they came; a failure anywhere wakes it.
final class Gather {
    private final AtomicInteger failures = new AtomicInteger();
    private final Map<Object, Thread> waiting = new ConcurrentHashMap<>();

    /// Some task has failed.
    void failed() {
        failures.incrementAndGet();
        waiting.values().forEach(LockSupport::unpark);
    }

    <R> List<R> results(Collection<QFuture<R>> futures) {
        var all = List.copyOf(futures);
        var token = new Object();
        waiting.put(token, Thread.currentThread());
        try {
            awaitAll(all);
        } catch (Cancelled e) {
            if (Thread.currentThread().isInterrupted() && FrontEnd.interruptsCancel())
                all.forEach(QFuture::cancel);
            throw e;
        } finally {
            waiting.remove(token);
        }
        var results = new ArrayList<R>(all.size());
        for (QFuture<R> future : all) results.add(future.result());
        return results;
    }

    /// Until all have ended; throws when one fails.
    private void awaitAll(List<? extends QFuture<?>> all) {
        int looked = failures.get();
        throwFirst(all);
        for (int i = all.size() - 1; i >= 0; i--) {
            if (!(all.get(i) instanceof TaskFuture<?> task)) continue;
            while (!task.isDone()) {
                int seen = looked;
                if (task.awaitUnless(() -> failures.get() != seen)) break;
                looked = failures.get();
                throwFirst(all);
            }
        }
    }

    private static void throwFirst(List<? extends QFuture<?>> all) {
        for (QFuture<?> future : all) {
            if (!(future instanceof TaskFuture<?> task)) continue;
            Failed failed = task.failed();
            if (failed != null) throw failed.exception();
        }
    }
}
