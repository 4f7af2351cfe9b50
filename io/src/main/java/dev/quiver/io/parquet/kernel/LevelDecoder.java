package dev.quiver.io.parquet.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Reads repetition or definition levels, run-length encoded or bit-packed.
public final class LevelDecoder {
    private static final int PIECE = 1024;

    private final HybridDecoder decoder;
    private final int width;
    private final int max;
    private final boolean packed;
    private final int[] piece = new int[PIECE];

    /// @param data with 16 readable bytes behind `to`; packed bytes are turned round in place
    /// @param max the highest level
    /// @param packedCount of bit-packed levels, how many there are; negative when they are
    ///   run-length encoded
    public LevelDecoder(MemorySegment data, long from, long to, int max, int packedCount) {
        this.width = HybridEncoder.width(max);
        this.max = max;
        this.packed = packedCount >= 0;
        if (packed) {
            reverse(data, from, to);
            this.decoder = HybridDecoder.packed(data, from, packedCount, width);
        } else {
            this.decoder = new HybridDecoder(data, from, to, width);
        }
    }

    /// Bytes that `count` bit-packed levels take.
    public static long packedBytes(int max, int count) {
        return ((long) count * HybridEncoder.width(max) + 7) >>> 3;
    }

    /// Turns the bits of each byte round, so that the first value lies lowest, its bits reversed.
    private static void reverse(MemorySegment data, long from, long to) {
        for (long at = from; at < to; at++)
            data.set(Layouts.BYTE, at, (byte) (Integer.reverse(data.get(Layouts.BYTE, at)) >>> 24));
    }

    /// Reads `count` levels of one bit as bits `[from, from + count)`.
    ///
    /// @return how many of them are 1
    public int readBits(MemorySegment bits, int from, int count) {
        return decoder.readBits(bits, from, count);
    }

    /// Reads `count` levels as bytes.
    ///
    /// @throws DamagedPage when one is higher than there can be
    public void readBytes(MemorySegment out, long offset, int count) {
        for (int done = 0; done < count; done += PIECE) {
            int take = Math.min(PIECE, count - done);
            decoder.read(piece, take);
            for (int i = 0; i < take; i++) {
                int level = packed ? Integer.reverse(piece[i]) >>> (32 - width) : piece[i];
                if (level > max)
                    throw new DamagedPage("has level %d, the highest is %d".formatted(level, max));
                out.set(Layouts.BYTE, offset + done + i, (byte) level);
            }
        }
    }
}
