package dev.quiver.io.csv.kernel;

import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// `true` and `false`, in any case.
public final class BoolKernel {
    private static final int LOWER_CASE = 0x20202020;
    private static final int TRUE = 0x65757274; // "true", first letter lowest
    private static final int FALS = 0x736C6166; // "fals"

    private BoolKernel() {}

    /// Writes fields as bits from row `from` of the batch on; an empty field clears its bit of
    /// `validity`.
    ///
    /// @return the first row that it can't read, or the number of rows
    public static int bits(Fields fields, int from, MemorySegment values, MemorySegment validity) {
        MemorySegment data = fields.data();
        int rows = fields.rows();
        for (int row = from; row < rows; row++) {
            int start = fields.start(row);
            int end = fields.rawEnd(row);
            if (end < 0) {
                if ((end & FieldIndex.ESCAPED) != 0) return row;
                start++;
                end = (end & FieldIndex.POSITION) - 1;
            }
            int chunkRow = fields.firstRow() + row;
            if (start == end) {
                Validity.set(validity, chunkRow, false);
                continue;
            }
            int value = value(data, start, end);
            if (value < 0) return row;
            Validity.set(values, chunkRow, value != 0);
        }
        return rows;
    }

    /// 1 for true, 0 for false, −1 for anything else.
    public static int value(MemorySegment data, int start, int end) {
        int word = data.get(Layouts.INT, start) | LOWER_CASE;
        if (end - start == 4) return word == TRUE ? 1 : -1;
        if (end - start != 5 || word != FALS) return -1;
        return (data.get(Layouts.BYTE, start + 4L) | 0x20) == 'e' ? 0 : -1;
    }
}
