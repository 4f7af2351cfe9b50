package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Truth values by way of a byte a row: two loops that the compiler turns into vector code, where
/// one that sets bits would stay scalar.
final class PackedBits {
    /// Moves the lowest bit of byte `i` to bit `56 + i`.
    private static final long GATHER = 0x0102040810204080L;

    private PackedBits() {}

    /// A loop that writes 1 or 0 for each row.
    @FunctionalInterface
    interface Bytes {
        void run(MemorySegment to, int rows);
    }

    /// @param flip all ones to ask for the opposite, else 0
    static void fill(Bytes loop, long flip, MemorySegment to, Input in) {
        int rows = in.rows();
        int whole = in.words() << 6;
        try (Buffer scratch = in.account().allocate(whole)) {
            MemorySegment bytes = scratch.segment();
            loop.run(bytes, rows);
            for (int i = rows; i < whole; i++) bytes.set(Layouts.BYTE, i, (byte) 0);
            pack(bytes, flip, to, rows);
        }
    }

    private static void pack(MemorySegment bytes, long flip, MemorySegment to, int rows) {
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            for (int i = 0; i < 64; i += 8) {
                long eight = bytes.get(Layouts.LONG, (long) base + i);
                word |= (eight * GATHER >>> 56) << i;
            }
            to.set(Layouts.LONG, base >> 3, word ^ flip);
        }
    }
}
