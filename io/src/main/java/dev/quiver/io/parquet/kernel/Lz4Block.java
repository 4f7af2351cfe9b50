package dev.quiver.io.parquet.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Unpacks LZ4 blocks. Source: lz4_Block_format.md of the LZ4 project.
public final class Lz4Block {
    private static final int MATCH_MIN = 4;

    private Lz4Block() {}

    /// Unpacks all of `[from, to)` of `source` into `target` from `at` on; what lies before `at`
    /// was unpacked earlier, and the block may repeat it.
    ///
    /// @param length where `target` ends
    /// @return where the unpacked bytes end
    /// @throws DamagedPage when it is no such block, or unpacks to more
    public static long unpack(
            MemorySegment source, long from, long to, MemorySegment target, long at, long length) {
        long in = from;
        long out = at;
        while (in < to) {
            int token = source.get(Layouts.BYTE, in++) & 0xFF;
            int high = token >>> 4;
            long literals = high;
            if (high == 15) {
                int more;
                do {
                    if (in >= to) throw damaged();
                    more = source.get(Layouts.BYTE, in++) & 0xFF;
                    literals += more;
                } while (more == 255);
            }
            if (literals > to - in || literals > length - out) throw damaged();
            MemorySegment.copy(source, in, target, out, literals);
            in += literals;
            out += literals;
            if (in == to) break;
            if (to - in < 2) throw damaged();
            int distance = source.get(Layouts.SHORT, in) & 0xFFFF;
            in += 2;
            int low = token & 15;
            long match = low + (long) MATCH_MIN;
            if (low == 15) {
                int more;
                do {
                    if (in >= to) throw damaged();
                    more = source.get(Layouts.BYTE, in++) & 0xFF;
                    match += more;
                } while (more == 255);
            }
            if (distance == 0 || distance > out || match > length - out) throw damaged();
            if (distance >= match) MemorySegment.copy(target, out - distance, target, out, match);
            else
                for (long i = 0; i < match; i++)
                    target.set(Layouts.BYTE, out + i, target.get(Layouts.BYTE, out + i - distance));
            out += match;
        }
        return out;
    }

    private static DamagedPage damaged() {
        return new DamagedPage("isn't an LZ4 block of the length it says");
    }
}
