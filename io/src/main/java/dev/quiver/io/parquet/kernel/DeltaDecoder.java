package dev.quiver.io.parquet.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Reads DELTA_BINARY_PACKED: a first value, then blocks of miniblocks of bit-packed differences.
///
/// Source: Lemire, Boytsov, "Decoding billions of integers per second through vectorization", 2012.
/// The segment has 16 readable bytes behind `to`.
public final class DeltaDecoder {
    private static final int BLOCK_VALUES_MAX = 1 << 16;

    private final MemorySegment data;
    private final long to;
    private final int count;
    private final int miniblocks;
    private final int miniblockValues;
    private final byte[] widths;
    private final long[] ready;
    private long at;
    private int delivered;
    private int readyFrom;
    private int readyTo;
    private int miniblock;
    private long minDelta;
    private long last;

    /// @throws DamagedPage when the header makes no sense
    public DeltaDecoder(MemorySegment data, long from, long to) {
        this.data = data;
        this.at = from;
        this.to = to;
        long blockValues = unsigned();
        long minis = unsigned();
        long values = unsigned();
        if (blockValues <= 0
                || blockValues > BLOCK_VALUES_MAX
                || (blockValues & 127) != 0
                || minis <= 0
                || minis > blockValues
                || blockValues % minis != 0
                || (blockValues / minis & 31) != 0)
            throw new DamagedPage(
                    "has delta blocks of %d values in %d parts".formatted(blockValues, minis));
        if (values < 0 || values > Integer.MAX_VALUE)
            throw new DamagedPage("says that it has %d deltas".formatted(values));
        count = (int) values;
        miniblocks = (int) minis;
        miniblockValues = (int) (blockValues / minis);
        widths = new byte[miniblocks];
        ready = new long[miniblockValues];
        last = zigzag();
        miniblock = miniblocks;
    }

    /// How many values there are.
    public int count() {
        return count;
    }

    /// Where the encoded bytes end, once all values were read.
    public long position() {
        return at;
    }

    /// Reads `count` values as int64.
    public void readLongs(MemorySegment out, long offset, int rows) {
        long position = offset;
        int left = rows;
        while (left > 0) {
            int take = more(left);
            MemorySegment.copy(ready, readyFrom, out, Layouts.LONG, position, take);
            readyFrom += take;
            position += take * 8L;
            left -= take;
        }
    }

    /// Reads `count` values as int32; overflow wraps, as the format says.
    public void readInts(MemorySegment out, long offset, int rows) {
        long position = offset;
        int left = rows;
        while (left > 0) {
            int take = more(left);
            for (int i = 0; i < take; i++)
                out.set(Layouts.INT, position + i * 4L, (int) ready[readyFrom + i]);
            readyFrom += take;
            position += take * 4L;
            left -= take;
        }
    }

    /// How many of `wanted` values are ready, at least one.
    private int more(int wanted) {
        if (readyFrom == readyTo) {
            if (delivered >= count) throw new DamagedPage("has fewer deltas than values");
            readyFrom = 0;
            if (delivered == 0) {
                ready[0] = last;
                readyTo = 1;
            } else {
                readyTo = Math.min(miniblockValues, count - delivered);
                nextMiniblock();
            }
            delivered += readyTo;
        }
        return Math.min(wanted, readyTo - readyFrom);
    }

    private void nextMiniblock() {
        if (miniblock == miniblocks) {
            minDelta = zigzag();
            if (to - at < miniblocks) throw new DamagedPage("ends inside a delta block");
            MemorySegment.copy(data, Layouts.BYTE, at, widths, 0, miniblocks);
            at += miniblocks;
            miniblock = 0;
        }
        int width = widths[miniblock++];
        if (width < 0 || width > 64)
            throw new DamagedPage("has deltas of %d bits".formatted(width));
        long bytes = ((long) miniblockValues >>> 3) * width;
        // Some writers cut the padding of the last miniblock off.
        if (((long) readyTo * width + 7) >>> 3 > to - at)
            throw new DamagedPage("ends inside a delta block");
        unpack(width, readyTo);
        at = Math.min(to, at + bytes);
    }

    private void unpack(int width, int values) {
        long mask = width == 64 ? -1L : (1L << width) - 1;
        long bit = at << 3;
        long value = last;
        for (int i = 0; i < values; i++) {
            long delta = width <= 56 ? word(bit) : BitRange.load(data, bit);
            value += minDelta + (delta & mask);
            ready[i] = value;
            bit += width;
        }
        last = value;
    }

    private long word(long bit) {
        return data.get(Layouts.LONG, bit >>> 3) >>> (bit & 7);
    }

    private long unsigned() {
        long result = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            if (at >= to) throw new DamagedPage("ends inside a delta header");
            int next = data.get(Layouts.BYTE, at++);
            result |= (next & 0x7FL) << shift;
            if (next >= 0) return result;
        }
        throw new DamagedPage("has a delta header that is no number");
    }

    private long zigzag() {
        long value = unsigned();
        return value >>> 1 ^ -(value & 1);
    }
}
