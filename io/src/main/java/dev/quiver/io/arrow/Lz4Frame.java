package dev.quiver.io.arrow;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Unpacks LZ4 frames, whose blocks may reach back into those before them. Source:
/// lz4_Frame_format.md of the LZ4 project. Checksums aren't looked at.
final class Lz4Frame {
    private static final int MAGIC = 0x184D2204;
    private static final int MATCH_MIN = 4;

    private final MemorySegment source;
    private final MemorySegment target;
    private long in;
    private long out;

    private Lz4Frame(MemorySegment source, MemorySegment target) {
        this.source = source;
        this.target = target;
    }

    /// Unpacks a frame into `target`, which it must fill.
    ///
    /// @return whether it is such a frame
    static boolean unpack(MemorySegment source, MemorySegment target) {
        var frame = new Lz4Frame(source, target);
        try {
            return frame.unpack() && frame.out == target.byteSize();
        } catch (IndexOutOfBoundsException _) {
            return false; // a length in it leads out of it
        }
    }

    private boolean unpack() {
        if (source.get(Layouts.INT, 0) != MAGIC) return false;
        int flags = source.get(Layouts.BYTE, 4);
        if ((flags >> 6 & 3) != 1) return false;
        boolean blockChecksums = (flags & 1 << 4) != 0;
        boolean contentSize = (flags & 1 << 3) != 0;
        boolean dictionary = (flags & 1) != 0;
        in = 7L + (contentSize ? 8 : 0) + (dictionary ? 4 : 0);
        while (true) {
            int head = source.get(Layouts.INT, in);
            in += 4;
            if (head == 0) return true;
            long length = head & 0x7FFF_FFFFL;
            if (head < 0) copyLiterals(length);
            else if (!block(in + length)) return false;
            if (blockChecksums) in += 4;
        }
    }

    private void copyLiterals(long length) {
        MemorySegment.copy(source, in, target, out, length);
        in += length;
        out += length;
    }

    private boolean block(long end) {
        if (end > source.byteSize()) return false;
        while (in < end) {
            int token = source.get(Layouts.BYTE, in++);
            copyLiterals(length(token >> 4 & 15));
            if (in >= end) return in == end;
            int distance = source.get(Layouts.SHORT, in) & 0xFFFF;
            in += 2;
            long match = length(token & 15) + MATCH_MIN;
            if (distance == 0 || distance > out) return false;
            copyMatch(distance, match);
        }
        return in == end;
    }

    private long length(int nibble) {
        if (nibble < 15) return nibble;
        long length = nibble;
        int more;
        do {
            more = source.get(Layouts.BYTE, in++) & 0xFF;
            length += more;
        } while (more == 255);
        return length;
    }

    private void copyMatch(int distance, long match) {
        if (distance >= match) MemorySegment.copy(target, out - distance, target, out, match);
        else
            for (long i = 0; i < match; i++)
                target.set(Layouts.BYTE, out + i, target.get(Layouts.BYTE, out + i - distance));
        out += match;
    }
}
