package dev.quiver.columnar.kernel;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.operator.ChunkLimits;
import java.util.Arrays;

/// Cuts a stream of chunks of one schema in pieces of a size: says how many of the next rows still
/// belong to the piece that is being made. For one thread.
public final class RowMeter {
    private final ChunkLimits limits;

    /// Of the piece: its rows, the bits of its values, and for each column, nested ones too, what
    /// its buffers hold.
    private long rows;

    private long valueBits;
    private long[] held = new long[0];

    /// [#held] with the rows that are looked at.
    private long[] wanted = new long[0];

    private long wantedBits;

    public RowMeter(ChunkLimits limits) {
        this.limits = limits;
    }

    /// Begins another piece.
    public void next() {
        rows = 0;
        valueBits = 0;
        Arrays.fill(held, 0);
    }

    /// Counts the rows of a chunk from row `from` on that the piece has room for.
    ///
    /// @return how many; 0 when it is full
    public int take(Chunk chunk, int from) {
        int most = (int) Math.min(chunk.rows() - from, limits.rows() - rows);
        int fitting = most > 0 && fits(chunk, from, most) ? most : 0;
        if (fitting == 0 && most > 0) {
            int tooMany = most;
            while (tooMany - fitting > 1) {
                int middle = (fitting + tooMany) >>> 1;
                if (fits(chunk, from, middle)) fitting = middle;
                else tooMany = middle;
            }
            if (fitting == 0 && rows == 0) fitting = 1;
        }
        if (fitting > 0) {
            measure(chunk, from, fitting);
            held = wanted.clone();
            valueBits = wantedBits;
            rows += fitting;
        }
        return fitting;
    }

    private boolean fits(Chunk chunk, int from, int count) {
        boolean unlimited =
                limits.bytes() == Long.MAX_VALUE && limits.memoryBytes() == Long.MAX_VALUE;
        return unlimited
                || (measure(chunk, from, count) <= limits.memoryBytes()
                        && (wantedBits + 7) / 8 <= limits.bytes());
    }

    /// What a piece takes that has `count` more rows.
    private long measure(Chunk chunk, int from, int count) {
        wanted = held.clone();
        wantedBits = valueBits;
        var walk = new Walk();
        for (Column column : chunk.columns()) walk.column(column, from, count);
        return walk.memoryBytes;
    }

    /// Goes through the columns of a chunk, which come in the same order in each chunk. For a
    /// column it keeps its rows, whether it has nulls, the bytes of its texts, and whether some of
    /// them aren't encoded, which makes all of them plain.
    private final class Walk {
        private static final int SLOTS = 4;

        private int at;
        private long memoryBytes;

        void column(Column column, int from, int count) {
            int slot = at;
            at += SLOTS;
            if (wanted.length < at) wanted = Arrays.copyOf(wanted, at);
            wanted[slot] += count;
            if (wanted[slot + 1] == 0 && hasNull(column, from, count)) wanted[slot + 1] = 1;
            long all = wanted[slot];
            if (wanted[slot + 1] > 0) buffer(Validity.bytes((int) all));
            switch (column) {
                case FixedColumn fixed -> {
                    int width = FixedColumn.width(fixed.type());
                    wantedBits += 8L * width * count;
                    buffer(all * width);
                }
                case BoolColumn _ -> {
                    wantedBits += count;
                    buffer(Validity.bytes((int) all));
                }
                case VariableColumn texts -> {
                    long bytes = texts.start(from + count) - (long) texts.start(from);
                    wantedBits += 8 * (bytes + 4L * count);
                    wanted[slot + 2] += bytes;
                    wanted[slot + 3] = 1;
                    texts(slot);
                }
                case DictionaryColumn coded -> {
                    long bytes = textBytes(coded, from, count);
                    wantedBits += 8 * (bytes + 4L * count);
                    wanted[slot + 2] += bytes;
                    texts(slot);
                }
                case ListColumn lists -> {
                    wantedBits += 32L * count;
                    buffer((all + 1) * 4);
                    int begin = lists.start(from);
                    column(lists.elements(), begin, lists.start(from + count) - begin);
                }
                case StructColumn struct -> {
                    for (Column field : struct.fields()) column(field, from, count);
                }
            }
        }

        private static boolean hasNull(Column column, int from, int count) {
            if (column.nullCount() == 0) return false;
            for (int row = from; row < from + count; row++) if (column.isNull(row)) return true;
            return false;
        }

        private void texts(int slot) {
            buffer((wanted[slot] + 1) * 4);
            if (wanted[slot + 3] > 0) buffer(wanted[slot + 2] + VariableColumn.PADDING_BYTES);
        }

        private void buffer(long bytes) {
            memoryBytes += Buffer.capacityBytes(bytes);
        }

        private static long textBytes(DictionaryColumn coded, int from, int count) {
            long bytes = 0;
            for (int row = from; row < from + count; row++) {
                if (coded.isNull(row)) continue;
                int code = coded.code(row);
                bytes += coded.values().end(code) - coded.values().start(code);
            }
            return bytes;
        }
    }
}
