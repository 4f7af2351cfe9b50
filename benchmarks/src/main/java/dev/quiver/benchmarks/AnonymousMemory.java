package dev.quiver.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// The anonymous memory of this process (`RssAnon` of /proc/self/status), sampled every few
/// milliseconds while something runs. Pages of mapped files don't count: the kernel may drop them.
final class AnonymousMemory {
    private static final long SAMPLE_MILLIS = 5;
    private final AtomicLong peakBytes = new AtomicLong();

    /// Runs `work` and remembers the most that was in use meanwhile.
    <T> T watch(Supplier<T> work) {
        var running = new AtomicBoolean(true);
        Thread sampler = Thread.ofPlatform().daemon().start(() -> sample(running));
        try {
            return work.get();
        } finally {
            running.set(false);
            try {
                sampler.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    long peakBytes() {
        return peakBytes.get();
    }

    private void sample(AtomicBoolean running) {
        while (running.get()) {
            peakBytes.accumulateAndGet(now(), Math::max);
            try {
                Thread.sleep(SAMPLE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static long now() {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
