package dev.quiver.io.csv.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Counts line feeds, eight bytes at a time.
public final class LineFeeds {
    private static final long LOW_BITS = 0x0101_0101_0101_0101L;
    private static final long PATTERN = LOW_BITS * '\n';
    private static final long SEVEN_BITS = 0x7F7F_7F7F_7F7F_7F7FL;

    private LineFeeds() {}

    /// How many of the bytes `[from, to)` are line feeds.
    public static long count(MemorySegment data, long from, long to) {
        long count = 0;
        long at = from;
        for (; at + 8 <= to; at += 8) {
            long word = data.get(Layouts.LONG, at) ^ PATTERN;
            // The high bit of each byte that isn't zero; exact for every byte.
            long other = ((word & SEVEN_BITS) + SEVEN_BITS | word) & ~SEVEN_BITS;
            count += 8 - Long.bitCount(other);
        }
        for (; at < to; at++) if (data.get(Layouts.BYTE, at) == '\n') count++;
        return count;
    }
}
