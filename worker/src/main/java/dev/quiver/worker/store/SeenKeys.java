package dev.quiver.worker.store;

import java.lang.foreign.MemorySegment;

/// The keys that a load has seen, each with the position where it was seen first.
///
/// Asking for the same key at the same position again gives the same answer, so a partition that is
/// run twice decides as it did before. Partitions of one load ask one after the other, in order.
public interface SeenKeys {
    /// Positions of one partition are those of its number times this, and up.
    long POSITIONS = 1L << 40;

    /// The position where the key was seen first; it is `position` when that is now.
    ///
    /// @param key bytes `[offset, offset + length)` say the key: equal for equal values, different
    ///   for others; 16 readable bytes must follow them
    long first(MemorySegment key, long offset, int length, long position);
}
