package dev.quiver.io.parquet;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import org.apache.parquet.format.Statistics;
import org.jspecify.annotations.Nullable;

/// The least and the greatest of byte strings, by unsigned bytes, cut where they are long.
final class ArrayBounds {
    private static final int BYTES_MAX = 64;

    private final boolean text;
    private byte @Nullable [] min;
    private byte @Nullable [] max;

    /// The first eight bytes of both ends, as unsigned numbers that compare as the bytes do; most
    /// values lie between them, and need not be looked at further.
    private long minPrefix;

    private long maxPrefix;

    /// @param text whether bounds must stay UTF-8
    ArrayBounds(boolean text) {
        this.text = text;
    }

    void clear() {
        min = null;
        max = null;
    }

    /// Adds all that `other` bounds.
    void add(ArrayBounds other) {
        if (other.min == null || other.max == null) return;
        add(MemorySegment.ofArray(other.min), 0, other.min.length);
        add(MemorySegment.ofArray(other.max), 0, other.max.length);
    }

    void add(MemorySegment data, long start, int length) {
        long prefix = prefix(data, start, length);
        boolean between =
                min != null
                        && Long.compareUnsigned(prefix, minPrefix) > 0
                        && Long.compareUnsigned(prefix, maxPrefix) < 0;
        if (between) return;
        if (min == null || compare(data, start, length, min) < 0) {
            min = copy(data, start, length);
            minPrefix = prefix;
        }
        if (max == null || compare(data, start, length, max) > 0) {
            max = copy(data, start, length);
            maxPrefix = prefix;
        }
    }

    /// The first eight bytes, the first of them the highest; zeros behind a shorter value.
    private static long prefix(MemorySegment data, long start, int length) {
        if (length >= Long.BYTES) return Long.reverseBytes(data.get(Layouts.LONG, start));
        long prefix = 0;
        for (int i = 0; i < length; i++)
            prefix |= (data.get(Layouts.BYTE, start + i) & 0xFFL) << (56 - 8 * i);
        return prefix;
    }

    private static byte[] copy(MemorySegment data, long start, int length) {
        var bytes = new byte[length];
        MemorySegment.copy(data, Layouts.BYTE, start, bytes, 0, length);
        return bytes;
    }

    private static int compare(MemorySegment data, long start, int length, byte[] other) {
        long at =
                MemorySegment.mismatch(
                        data, start, start + length, MemorySegment.ofArray(other), 0, other.length);
        if (at < 0) return 0;
        if (at >= length || at >= other.length) return Integer.compare(length, other.length);
        return Integer.compare(data.get(Layouts.BYTE, start + at) & 0xFF, other[(int) at] & 0xFF);
    }

    void write(Statistics statistics) {
        if (min == null || max == null) return;
        boolean minExact = min.length <= BYTES_MAX;
        statistics.setMin_value(minExact ? min : Arrays.copyOf(min, cut(min)));
        statistics.setIs_min_value_exact(minExact);
        boolean maxExact = max.length <= BYTES_MAX;
        Optional<byte[]> upper = maxExact ? Optional.of(max) : above(max);
        if (upper.isEmpty()) return;
        statistics.setMax_value(upper.get());
        statistics.setIs_max_value_exact(maxExact);
    }

    /// Where to cut: at the begin of a character.
    private int cut(byte[] bytes) {
        int length = BYTES_MAX;
        while (text && length > 0 && (bytes[length] & 0xC0) == 0x80) length--;
        return length;
    }

    /// A short value above all that begin with this one's first bytes: the last byte that can grow
    /// does. In texts only ASCII letters do.
    private Optional<byte[]> above(byte[] bytes) {
        int last = text ? 0x7E : 0xFE;
        for (int i = cut(bytes) - 1; i >= 0; i--) {
            int value = bytes[i] & 0xFF;
            if (value > last) continue;
            byte[] upper = Arrays.copyOf(bytes, i + 1);
            upper[i] = (byte) (value + 1);
            return Optional.of(upper);
        }
        return Optional.empty();
    }
}
