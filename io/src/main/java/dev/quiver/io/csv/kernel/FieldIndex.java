package dev.quiver.io.csv.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Where the fields of some rows lie in a window of bytes.
///
/// Each row has `columns + 1` numbers in [#at]: the position before its first byte, then for each
/// field the position of the byte behind it (its separator), with [#QUOTED] set when the field
/// stands in quotes and [#ESCAPED] when quotes inside it are doubled. So field `c` of row `r` lies
/// in bytes `position(at[i - 1]) + 1 … position(at[i])` for `i = r * stride + c + 1`, quotes
/// included.
public final class FieldIndex {
    /// Sign bit: the field stands in quotes.
    public static final int QUOTED = 1 << 31;

    /// A quoted field holds doubled quotes.
    public static final int ESCAPED = 1 << 30;

    /// The bits of a position.
    public static final int POSITION = ESCAPED - 1;

    /// Positions an index holds at most, but for a single row that is wider.
    private static final int SIZE_MAX = 1 << 15;

    public final int[] at;

    /// Scratch of [Separators]: for each eight bytes, which are separators.
    final long[] separators = new long[Separators.BLOCK_BYTES / 8];

    public final int columns;
    public final int stride;

    /// Rows that the index has room for.
    public final int capacity;

    /// Rows that are wanted at most: 1 to `capacity`.
    public int rowsMax;

    /// Rows that the index holds now.
    public int rows;

    public FieldIndex(int columns) {
        this.columns = columns;
        this.stride = columns + 1;
        this.capacity = Math.max(1, SIZE_MAX / stride);
        this.rowsMax = capacity;
        this.at = new int[capacity * stride];
    }

    /// The slot of a field of row 0; those of the next rows follow at [#stride].
    public static int slot(int column) {
        return column + 1;
    }

    /// Takes a row out; those behind it move up.
    public void remove(int row) {
        int from = (row + 1) * stride;
        System.arraycopy(at, from, at, row * stride, rows * stride - from);
        rows--;
    }

    /// Takes out the rows that begin with a byte.
    public void removeBeginning(MemorySegment data, int first) {
        int kept = 0;
        for (int row = 0; row < rows; row++) {
            if (data.get(Layouts.BYTE, rowStart(row)) == first) continue;
            if (kept < row) System.arraycopy(at, row * stride, at, kept * stride, stride);
            kept++;
        }
        rows = kept;
    }

    /// The first byte of a row.
    public int rowStart(int row) {
        return (at[row * stride] & POSITION) + 1;
    }
}
