package dev.quiver.io.parquet.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Whether bytes are UTF-8.
public final class Utf8Text {
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private Utf8Text() {}

    /// Whether all bytes are below 128.
    public static boolean isAscii(MemorySegment data, long from, long to) {
        long at = from;
        for (; at + 8 <= to; at += 8)
            if ((data.get(Layouts.LONG, at) & HIGH_BITS) != 0) return false;
        for (; at < to; at++) if (data.get(Layouts.BYTE, at) < 0) return false;
        return true;
    }

    /// Whether the bytes are UTF-8 without surrogates or overlong forms.
    public static boolean isValid(MemorySegment data, long from, long to) {
        long at = from;
        while (at < to) {
            int first = data.get(Layouts.BYTE, at);
            if (first >= 0) {
                at++;
                continue;
            }
            int length = length(first & 0xFF);
            if (length == 0 || at + length > to) return false;
            int second = data.get(Layouts.BYTE, at + 1) & 0xFF;
            if (!secondFits(first & 0xFF, second)) return false;
            for (int i = 2; i < length; i++)
                if ((data.get(Layouts.BYTE, at + i) & 0xC0) != 0x80) return false;
            at += length;
        }
        return true;
    }

    private static int length(int first) {
        if (first >= 0xC2 && first <= 0xDF) return 2;
        if (first >= 0xE0 && first <= 0xEF) return 3;
        return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
    }

    private static boolean secondFits(int first, int second) {
        int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        return second >= low && second <= high;
    }
}
