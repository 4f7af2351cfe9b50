package dev.quiver.io.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Requests about many files, several of which are on their way at a time.
final class Requests {
    private static final int SHORT_MAX = 16;

    private Requests() {}

    /// Short requests, one for each path.
    ///
    /// @param doing what is done, for people
    /// @throws dev.quiver.error.QuiverException of the first that fails; others may have been done
    static void each(String doing, Collection<Path> paths, Consumer<Path> request) {
        if (paths.isEmpty()) return;
        List<Runnable> requests = new ArrayList<>();
        for (Path path : paths) requests.add(() -> request.accept(path));
        all(doing, paths.iterator().next().toString(), SHORT_MAX, requests);
    }

    /// Requests of any length.
    ///
    /// @param first of what they are about, for people
    /// @param atOnce how many are on their way at a time
    /// @throws dev.quiver.error.QuiverException of the first that fails; others may have been done
    static void all(String doing, String first, int atOnce, List<Runnable> requests) {
        try (ExecutorService threads =
                Executors.newFixedThreadPool(
                        Math.min(atOnce, requests.size()),
                        Thread.ofVirtual().name("quiver-store-", 0).factory())) {
            var sent = new ExecutorCompletionService<@Nullable Void>(threads);
            for (Runnable request : requests) sent.submit(request, null);
            try {
                for (int i = 0; i < requests.size(); i++) sent.take().get();
            } catch (ExecutionException e) {
                threads.shutdownNow();
                if (e.getCause() instanceof RuntimeException failure) throw failure;
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
                throw Backoff.interrupted(doing, first, e);
            }
        }
    }
}
