package dev.quiver.io.parquet.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Looks values up by index.
public final class Gather {
    private Gather() {}

    /// Checks that all indices are below `size`.
    ///
    /// @throws DamagedPage when one isn't
    public static void check(int[] indices, int count, int size) {
        int max = -1;
        for (int i = 0; i < count; i++) max = Math.max(max, indices[i]);
        if (max >= size)
            throw new DamagedPage(
                    "has index %d into a dictionary of %d values".formatted(max, size));
    }

    /// Copies value `indices[i]` of `values` to the i-th place from `offset` on. Indices aren't
    /// negative.
    public static void fixed(
            MemorySegment values,
            int width,
            int[] indices,
            int count,
            MemorySegment out,
            long offset) {
        switch (width) {
            case 4 -> {
                for (int i = 0; i < count; i++)
                    out.set(Layouts.INT, offset + i * 4L, values.get(Layouts.INT, indices[i] * 4L));
            }
            case 8 -> {
                for (int i = 0; i < count; i++)
                    out.set(
                            Layouts.LONG,
                            offset + i * 8L,
                            values.get(Layouts.LONG, indices[i] * 8L));
            }
            default -> {
                for (int i = 0; i < count; i++)
                    MemorySegment.copy(
                            values,
                            (long) indices[i] * width,
                            out,
                            offset + (long) i * width,
                            width);
            }
        }
    }

    /// Writes `mapping[indices[i]]` to the i-th int32 from `offset` on.
    public static void codes(
            int[] mapping, int[] indices, int count, MemorySegment out, long offset) {
        for (int i = 0; i < count; i++) out.set(Layouts.INT, offset + i * 4L, mapping[indices[i]]);
    }

    /// Copies byte strings end to end.
    ///
    /// @param source with 16 readable bytes behind each value
    /// @param out with 16 bytes of room behind the last value
    public static void bytes(
            MemorySegment source,
            int[] starts,
            int[] lengths,
            int count,
            MemorySegment out,
            long offset) {
        long at = offset;
        for (int i = 0; i < count; i++) {
            int length = lengths[i];
            long start = starts[i];
            if (length <= 16) {
                out.set(Layouts.LONG, at, source.get(Layouts.LONG, start));
                out.set(Layouts.LONG, at + 8, source.get(Layouts.LONG, start + 8));
            } else {
                MemorySegment.copy(source, start, out, at, length);
            }
            at += length;
        }
    }
}
