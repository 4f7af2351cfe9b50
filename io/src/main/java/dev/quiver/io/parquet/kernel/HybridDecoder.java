package dev.quiver.io.parquet.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Reads Parquet's hybrid of run-length encoding and bit-packing: levels, dictionary indices,
/// booleans.
///
/// The segment has 16 readable bytes behind `to`. Every length is checked against `to` before it is
/// followed.
public final class HybridDecoder {
    private static final int WIDTH_MAX = 31;

    private final MemorySegment data;
    private final long to;
    private final int width;
    private long at;

    /// Values left in the run.
    private int left;

    /// Whether the run is bit-packed, with the next value at bit `bit`; else it repeats `value`.
    private boolean packed;

    private long bit;
    private int value;

    /// @param width bits a value
    /// @throws DamagedPage when `width` isn't 0 to 31
    public HybridDecoder(MemorySegment data, long from, long to, int width) {
        if (width < 0 || width > WIDTH_MAX)
            throw new DamagedPage("says %d bits a value".formatted(width));
        this.data = data;
        this.at = from;
        this.to = to;
        this.width = width;
    }

    /// Reads `count` values that are bit-packed without a header.
    static HybridDecoder packed(MemorySegment data, long from, int count, int width) {
        var decoder = new HybridDecoder(data, from, from, width);
        decoder.packed = true;
        decoder.bit = from << 3;
        decoder.left = count;
        return decoder;
    }

    /// Reads `count` values into `out`, from its begin.
    public void read(int[] out, int count) {
        int done = 0;
        while (done < count) {
            if (left == 0) nextRun();
            int take = Math.min(left, count - done);
            if (packed) {
                unpack(out, done, take);
                bit += (long) take * width;
            } else {
                Arrays.fill(out, done, done + take, value);
            }
            left -= take;
            done += take;
        }
    }

    /// Reads `count` values of width 1 as bits `[from, from + count)` of `bits`.
    ///
    /// @return how many of them are 1
    public int readBits(MemorySegment bits, int from, int count) {
        int done = 0;
        int ones = 0;
        while (done < count) {
            if (left == 0) nextRun();
            int take = Math.min(left, count - done);
            if (packed) {
                BitRange.copy(data, bit, bits, from + done, take);
                ones += BitRange.countOnes(bits, from + done, take);
                bit += take;
            } else {
                BitRange.fill(bits, from + done, take, value == 1);
                ones += value == 1 ? take : 0;
            }
            left -= take;
            done += take;
        }
        return ones;
    }

    private void nextRun() {
        if (width == 0 && at >= to) {
            packed = false;
            value = 0;
            left = Integer.MAX_VALUE;
            return;
        }
        long header = varint();
        packed = (header & 1) != 0;
        long count = header >>> 1;
        if (packed) {
            bit = at << 3;
            long bytes = count * width;
            // Some writers cut the last run's padding off.
            long values = bytes <= to - at || width == 0 ? count * 8 : ((to - at) << 3) / width;
            left = (int) Math.min(values, Integer.MAX_VALUE);
            at = Math.min(to, at + bytes);
        } else {
            int bytes = (width + 7) >>> 3;
            if (bytes > to - at) throw new DamagedPage("ends inside a run");
            long bits = data.get(Layouts.LONG, at) & (1L << (bytes << 3)) - 1;
            if (bits >>> width != 0)
                throw new DamagedPage("repeats a value of more than %d bits".formatted(width));
            value = (int) bits;
            left = (int) count;
            at += bytes;
        }
        if (left == 0) throw new DamagedPage("has an empty run");
    }

    private long varint() {
        long result = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            if (at >= to) throw new DamagedPage("has fewer values than it says");
            int next = data.get(Layouts.BYTE, at++);
            result |= (next & 0x7FL) << shift;
            if (next >= 0) {
                if (result > 0xFFFF_FFFFL) break;
                return result;
            }
        }
        throw new DamagedPage("has a run whose length is no number");
    }

    private void unpack(int[] out, int from, int count) {
        int mask = (int) ((1L << width) - 1);
        int index = from;
        int end = from + count;
        long position = bit;
        while (index < end && (position & 7) != 0) {
            out[index++] = (int) (data.get(Layouts.LONG, position >>> 3) >>> (position & 7)) & mask;
            position += width;
        }
        int eights = (end - index) >>> 3;
        if (eights > 0) {
            if (width <= 8) unpackNarrow(out, index, eights, position >>> 3, mask);
            else unpackWide(out, index, eights, position >>> 3, mask);
            index += eights << 3;
            position += ((long) eights << 3) * width;
        }
        while (index < end) {
            out[index++] = (int) (data.get(Layouts.LONG, position >>> 3) >>> (position & 7)) & mask;
            position += width;
        }
    }

    /// Eight values lie in one word.
    private void unpackNarrow(int[] out, int from, int eights, long begin, int mask) {
        int w = width;
        long position = begin;
        int end = from + (eights << 3);
        for (int i = from; i < end; i += 8) {
            long word = data.get(Layouts.LONG, position);
            position += w;
            out[i] = (int) word & mask;
            out[i + 1] = (int) (word >>> w) & mask;
            out[i + 2] = (int) (word >>> (2 * w)) & mask;
            out[i + 3] = (int) (word >>> (3 * w)) & mask;
            out[i + 4] = (int) (word >>> (4 * w)) & mask;
            out[i + 5] = (int) (word >>> (5 * w)) & mask;
            out[i + 6] = (int) (word >>> (6 * w)) & mask;
            out[i + 7] = (int) (word >>> (7 * w)) & mask;
        }
    }

    private void unpackWide(int[] out, int from, int eights, long begin, int mask) {
        int w = width;
        int byte1 = w >>> 3;
        int byte2 = (2 * w) >>> 3;
        int byte3 = (3 * w) >>> 3;
        int byte4 = (4 * w) >>> 3;
        int byte5 = (5 * w) >>> 3;
        int byte6 = (6 * w) >>> 3;
        int byte7 = (7 * w) >>> 3;
        long position = begin;
        int end = from + (eights << 3);
        for (int i = from; i < end; i += 8) {
            out[i] = (int) data.get(Layouts.LONG, position) & mask;
            out[i + 1] = (int) (data.get(Layouts.LONG, position + byte1) >>> (w & 7)) & mask;
            out[i + 2] = (int) (data.get(Layouts.LONG, position + byte2) >>> ((2 * w) & 7)) & mask;
            out[i + 3] = (int) (data.get(Layouts.LONG, position + byte3) >>> ((3 * w) & 7)) & mask;
            out[i + 4] = (int) (data.get(Layouts.LONG, position + byte4) >>> ((4 * w) & 7)) & mask;
            out[i + 5] = (int) (data.get(Layouts.LONG, position + byte5) >>> ((5 * w) & 7)) & mask;
            out[i + 6] = (int) (data.get(Layouts.LONG, position + byte6) >>> ((6 * w) & 7)) & mask;
            out[i + 7] = (int) (data.get(Layouts.LONG, position + byte7) >>> ((7 * w) & 7)) & mask;
            position += w;
        }
    }
}
