package dev.quiver.io.csv.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Tests bytes for well-formed UTF-8 (Unicode 16, table 3-7), eight ASCII bytes at a time.
public final class Utf8Kernel {
    private Utf8Kernel() {}

    /// The first byte of `[from, end)` that isn't well-formed, or `end`.
    ///
    /// @param from not inside a character
    public static int firstBad(MemorySegment data, int from, int end) {
        int at = from;
        while (true) {
            at = behindAscii(data, at, end);
            if (at >= end) return end;
            int length = sequence(data, at, end);
            if (length == 0) return at;
            at += length;
        }
    }

    private static int behindAscii(MemorySegment data, int from, int end) {
        int at = from;
        for (; at + 32 <= end; at += 32) {
            long words =
                    data.get(Layouts.LONG, at)
                            | data.get(Layouts.LONG, at + 8L)
                            | data.get(Layouts.LONG, at + 16L)
                            | data.get(Layouts.LONG, at + 24L);
            if ((words & Swar.HIGH_BITS) != 0) break;
        }
        for (; at < end; at += 8) {
            long high = data.get(Layouts.LONG, at) & Swar.HIGH_BITS;
            if (high != 0) return at + (Long.numberOfTrailingZeros(high) >> 3);
        }
        return at;
    }

    /// The length of the character at `at`, which isn't ASCII; 0 when it is malformed.
    private static int sequence(MemorySegment data, int at, int end) {
        int first = data.get(Layouts.BYTE, at) & 0xFF;
        int length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
        if (length == 0 || at + length > end) return 0;
        int second = data.get(Layouts.BYTE, at + 1L) & 0xFF;
        int lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (second < lowest || second > highest) return 0;
        for (int i = 2; i < length; i++) {
            if ((data.get(Layouts.BYTE, at + (long) i) & 0xC0) != 0x80) return 0;
        }
        return length;
    }
}
