package dev.quiver.benchmarks;

import dev.quiver.error.Cancelled;
import org.jspecify.annotations.Nullable;

/// How work in another thread ended.
final class Ending {
    private volatile @Nullable Throwable problem;
    private volatile boolean cancelled;

    /// Runs it; that it was cancelled is no problem.
    void of(Runnable work) {
        try {
            work.run();
        } catch (Cancelled e) {
            cancelled = true;
        } catch (RuntimeException | Error e) {
            problem = e;
        }
    }

    /// Whether it was cancelled before it was done.
    ///
    /// @throws IllegalStateException when it failed otherwise
    boolean check() {
        Throwable thrown = problem;
        if (thrown != null)
            throw new IllegalStateException("cancelled work failed: " + thrown, thrown);
        return cancelled;
    }
}
