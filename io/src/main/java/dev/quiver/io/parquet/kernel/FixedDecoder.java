package dev.quiver.io.parquet.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Reads the values of a page that all have one width, in their stored form.
public sealed interface FixedDecoder {
    /// Reads the next `count` values to `offset`, end to end.
    ///
    /// @throws DamagedPage when the page has fewer
    void read(int count, MemorySegment out, long offset);

    /// Values end to end.
    final class Plain implements FixedDecoder {
        private final MemorySegment data;
        private final long to;
        private final int width;
        private long at;

        public Plain(MemorySegment data, long from, long to, int width) {
            this.data = data;
            this.at = from;
            this.to = to;
            this.width = width;
        }

        @Override
        public void read(int count, MemorySegment out, long offset) {
            long bytes = (long) count * width;
            if (bytes > to - at) throw new DamagedPage("has fewer values than it says");
            MemorySegment.copy(data, at, out, offset, bytes);
            at += bytes;
        }
    }

    /// Whole numbers as differences.
    final class Delta implements FixedDecoder {
        private final DeltaDecoder deltas;
        private final int width;

        /// @param width 4 or 8
        public Delta(MemorySegment data, long from, long to, int width) {
            this.deltas = new DeltaDecoder(data, from, to);
            this.width = width;
        }

        @Override
        public void read(int count, MemorySegment out, long offset) {
            if (width == 4) deltas.readInts(out, offset, count);
            else deltas.readLongs(out, offset, count);
        }
    }

    /// The first bytes of all values, then the second bytes, and so on.
    final class Split implements FixedDecoder {
        private final MemorySegment data;
        private final long from;
        private final int width;
        private final long values;
        private long next;

        public Split(MemorySegment data, long from, long to, int width) {
            this.data = data;
            this.from = from;
            this.width = width;
            if ((to - from) % width != 0)
                throw new DamagedPage("has a number of bytes that no values of its width have");
            this.values = (to - from) / width;
        }

        @Override
        public void read(int count, MemorySegment out, long offset) {
            if (count > values - next) throw new DamagedPage("has fewer values than it says");
            for (int k = 0; k < width; k++) {
                long in = from + k * values + next;
                long to = offset + k;
                for (int i = 0; i < count; i++)
                    out.set(Layouts.BYTE, to + (long) i * width, data.get(Layouts.BYTE, in + i));
            }
            next += count;
        }
    }

    /// Byte arrays that all have one length.
    final class Arrays implements FixedDecoder {
        private final ArrayDecoder arrays;
        private final int width;
        private final int[] starts;
        private final int[] lengths;

        /// @param starts room for the most values that are read at once, as `lengths`
        public Arrays(ArrayDecoder arrays, int width, int[] starts, int[] lengths) {
            this.arrays = arrays;
            this.width = width;
            this.starts = starts;
            this.lengths = lengths;
        }

        @Override
        public void read(int count, MemorySegment out, long offset) {
            MemorySegment source = arrays.read(count, starts, lengths);
            for (int i = 0; i < count; i++) {
                if (lengths[i] != width)
                    throw new DamagedPage(
                            "has a value of %d bytes, not %d".formatted(lengths[i], width));
                MemorySegment.copy(source, starts[i], out, offset + (long) i * width, width);
            }
        }
    }
}
