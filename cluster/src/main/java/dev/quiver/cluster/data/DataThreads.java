package dev.quiver.cluster.data;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Threads that move outputs. Daemons: they keep no process alive.
final class DataThreads {
    private DataThreads() {}

    /// As many as there is work for.
    static ExecutorService pool(String name) {
        return Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    }
}
