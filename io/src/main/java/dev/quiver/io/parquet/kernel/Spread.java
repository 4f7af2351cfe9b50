package dev.quiver.io.parquet.kernel;

import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Moves values that lie densely to the rows they belong to; rows without a value become 0.
public final class Spread {
    private Spread() {}

    /// Values of 1, 2, 4, 8 or 16 bytes; `present` of them lie from row `row` on and belong to
    /// those of the `rows` rows whose bit is 1.
    public static void values(
            MemorySegment values, int width, MemorySegment bits, int row, int rows, int present) {
        switch (width) {
            case 4 -> ints(values, bits, row, rows, present);
            case 8 -> longs(values, bits, row, rows, present);
            default -> bytes(values, width, bits, row, rows, present);
        }
    }

    private static void ints(
            MemorySegment values, MemorySegment bits, int row, int rows, int present) {
        int from = row + present;
        for (int to = row + rows - 1; to >= from; to--) {
            int value = 0;
            if (Validity.get(bits, to)) value = values.get(Layouts.INT, --from * 4L);
            values.set(Layouts.INT, to * 4L, value);
        }
    }

    private static void longs(
            MemorySegment values, MemorySegment bits, int row, int rows, int present) {
        int from = row + present;
        for (int to = row + rows - 1; to >= from; to--) {
            long value = 0;
            if (Validity.get(bits, to)) value = values.get(Layouts.LONG, --from * 8L);
            values.set(Layouts.LONG, to * 8L, value);
        }
    }

    private static void bytes(
            MemorySegment values, int width, MemorySegment bits, int row, int rows, int present) {
        int from = row + present;
        for (int to = row + rows - 1; to >= from; to--) {
            long target = (long) to * width;
            if (Validity.get(bits, to))
                MemorySegment.copy(values, (long) --from * width, values, target, width);
            else values.asSlice(target, width).fill((byte) 0);
        }
    }

    /// As above, for bits.
    public static void bits(
            MemorySegment values, MemorySegment bits, int row, int rows, int present) {
        int from = row + present;
        for (int to = row + rows - 1; to >= from; to--)
            Validity.set(values, to, Validity.get(bits, to) && Validity.get(values, --from));
    }
}
