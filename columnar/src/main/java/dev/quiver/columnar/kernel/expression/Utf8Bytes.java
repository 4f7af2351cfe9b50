package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Loops over the bytes of one text, eight at a time.
///
/// Reads up to 8 bytes behind a text, which text buffers have; writes up to 7 behind.
final class Utf8Bytes {
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long SEVEN_BITS = 0x7F7F7F7F7F7F7F7FL;
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long COPIED_BY_WORDS_MAX = 64;

    private Utf8Bytes() {}

    /// A mask of the first `count` bytes of a word, 0 to 8.
    private static long first(int count) {
        return count >= 8 ? -1L : (1L << (count << 3)) - 1;
    }

    static boolean isAscii(MemorySegment data, int start, int end) {
        long high = 0;
        for (int at = start; at < end; at += 8)
            high |= data.get(Layouts.LONG, at) & first(end - at);
        return (high & HIGH_BITS) == 0;
    }

    /// The bytes that don't continue a character.
    static long codePoints(MemorySegment data, int start, int end) {
        long continuing = 0;
        for (int at = start; at < end; at += 8) {
            long word = data.get(Layouts.LONG, at) & first(end - at);
            continuing += Long.bitCount(word >>> 7 & ~(word >>> 6) & LOW_BITS);
        }
        return end - start - continuing;
    }

    /// Writes a text of ASCII with the case of its letters changed.
    ///
    /// @return whether it was ASCII; else what was written makes no sense
    static boolean changeCase(
            boolean lower, MemorySegment from, int start, int length, MemorySegment to, long at) {
        long first = (lower ? 'A' : 'a') * LOW_BITS;
        long last = (lower ? 'Z' : 'z') * LOW_BITS;
        long high = 0;
        for (int i = 0; i < length; i += 8) {
            long word = from.get(Layouts.LONG, start + (long) i);
            high |= word & first(length - i);
            long seven = word & SEVEN_BITS;
            // The high bit of each byte says: at least the first letter; beyond the last one.
            long reached = seven + (HIGH_BITS - first);
            long beyond = seven + (SEVEN_BITS - last);
            long letters = (reached ^ beyond) & HIGH_BITS;
            to.set(Layouts.LONG, at + i, word ^ letters >>> 2);
        }
        return (high & HIGH_BITS) == 0;
    }

    static void copy(MemorySegment from, long start, MemorySegment to, long at, int length) {
        if (length > COPIED_BY_WORDS_MAX) {
            MemorySegment.copy(from, start, to, at, length);
            return;
        }
        for (int i = 0; i < length; i += 8)
            to.set(Layouts.LONG, at + i, from.get(Layouts.LONG, start + i));
    }

    /// A text to look for.
    static final class Pattern {
        private final byte[] text;
        private final long head;
        private final long headMask;

        Pattern(byte[] text) {
            this.text = text;
            long bytes = 0;
            for (int i = Math.min(8, text.length) - 1; i >= 0; i--)
                bytes = bytes << 8 | text[i] & 0xFF;
            this.head = bytes;
            this.headMask = first(text.length);
        }

        int length() {
            return text.length;
        }

        /// Whether the text stands at `start`, where at least as many bytes are left.
        boolean isAt(MemorySegment data, int start) {
            if (((data.get(Layouts.LONG, start) ^ head) & headMask) != 0) return false;
            for (int i = 8; i < text.length; i++) {
                if (data.get(Layouts.BYTE, start + (long) i) != text[i]) return false;
            }
            return true;
        }

        boolean isWithin(MemorySegment data, int start, int end) {
            int last = end - text.length;
            for (int at = start; at <= last; at++) {
                if (isAt(data, at)) return true;
            }
            return false;
        }
    }
}
