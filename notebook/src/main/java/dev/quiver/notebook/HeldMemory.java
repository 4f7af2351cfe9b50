package dev.quiver.notebook;

import java.util.function.LongSupplier;

/// What a session holds from cell to cell. Persisted frames that no variable holds any more go when
/// the JVM collects garbage; their rows aren't on its heap, so it sees little reason to. Here it is
/// asked, between cells, when much more is held than after the last time.
final class HeldMemory {
    private static final double GROWTH_MAX = 1.5;
    private static final long GROWTH_BYTES_MIN = 32L << 20;

    private final LongSupplier bytes;
    private final Runnable collection;
    private long least = Long.MAX_VALUE;

    /// @param bytes that are counted now
    /// @param collection of the JVM's garbage
    HeldMemory(LongSupplier bytes, Runnable collection) {
        this.bytes = bytes;
        this.collection = collection;
    }

    /// A cell is over, and the next one hasn't begun.
    void betweenCells() {
        long now = bytes.getAsLong();
        least = Math.min(least, now);
        if (now <= GROWTH_MAX * least + GROWTH_BYTES_MIN) return;
        collection.run();
        least = Long.MAX_VALUE; // what is held then is known at the next cell
    }
}
