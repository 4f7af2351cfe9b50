package dev.quiver.worker.state;

/// Since when a slot is free that something would take if there was memory for it.
final class MemoryShortage {
    private static final long NONE = Long.MAX_VALUE;

    private long sinceNanos = NONE;

    /// Since when; `nanos` when there is none.
    long since(long nanos) {
        return Math.min(sinceNanos, nanos);
    }

    void note(boolean isShort, long nanos) {
        sinceNanos = isShort ? since(nanos) : NONE;
    }

    /// The attempt runs now, which waited for memory if anything did.
    void endFor(Attempt attempt, long nanos) {
        if (sinceNanos != NONE) {
            attempt.waitedForMemory(sinceNanos, nanos);
        }
        sinceNanos = NONE;
    }
}
