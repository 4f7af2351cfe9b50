package dev.quiver.io.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/// Short requests about many files, several of which are on their way at a time.
final class Requests {
    private static final int THREADS = 16;

    private Requests() {}

    /// @param doing what is done, for people
    /// @throws dev.quiver.error.QuiverException of the first that fails; others may have been done
    static void each(String doing, Collection<Path> paths, Consumer<Path> request) {
        if (paths.isEmpty()) return;
        try (ExecutorService threads =
                Executors.newFixedThreadPool(
                        Math.min(THREADS, paths.size()),
                        Thread.ofVirtual().name("quiver-store-", 0).factory())) {
            List<Future<?>> sent = new ArrayList<>();
            for (Path path : paths) sent.add(threads.submit(() -> request.accept(path)));
            try {
                for (Future<?> one : sent) one.get();
            } catch (ExecutionException e) {
                threads.shutdownNow();
                if (e.getCause() instanceof RuntimeException failure) throw failure;
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
                throw Backoff.interrupted(doing, paths.iterator().next().toString(), e);
            }
        }
    }
}
