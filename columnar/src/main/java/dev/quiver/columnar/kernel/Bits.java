package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Runs of bits at any position, in the bit order of [Validity].
final class Bits {
    private Bits() {}

    /// Copies `count` bits. Bits of `to` behind the last one are left undefined.
    static void copy(MemorySegment from, long fromBit, MemorySegment to, long toBit, int count) {
        long source = fromBit;
        long target = toBit;
        long end = fromBit + count;
        while (source < end && (target & 7) != 0)
            Validity.set(to, (int) target++, Validity.get(from, (int) source++));
        int shift = (int) (source & 7);
        for (; end - source >= 8; source += 8, target += 8) {
            int low = from.get(Layouts.BYTE, source >> 3) & 0xFF;
            int high = shift == 0 ? 0 : from.get(Layouts.BYTE, (source >> 3) + 1) << 8 - shift;
            to.set(Layouts.BYTE, target >> 3, (byte) (low >> shift | high));
        }
        while (source < end) Validity.set(to, (int) target++, Validity.get(from, (int) source++));
    }

    /// Sets `count` bits to 1.
    static void fill(MemorySegment to, long toBit, int count) {
        long target = toBit;
        long end = toBit + count;
        while (target < end && (target & 7) != 0) Validity.set(to, (int) target++, true);
        for (; end - target >= 8; target += 8) to.set(Layouts.BYTE, target >> 3, (byte) -1);
        while (target < end) Validity.set(to, (int) target++, true);
    }
}
