package dev.quiver.io.csv.kernel;

import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Whole numbers: an optional minus and digits.
public final class IntegerKernel {
    private static final int EIGHT_DIGITS = 100_000_000;

    private IntegerKernel() {}

    /// Writes fields as int64 from row `from` of the batch on; an empty field clears its bit of
    /// `validity`.
    ///
    /// @return the first row that it can't read, or the number of rows
    public static int longs(Fields fields, int from, MemorySegment values, MemorySegment validity) {
        MemorySegment data = fields.data();
        int[] at = fields.index().at;
        int stride = fields.index().stride;
        int rows = fields.rows();
        int firstRow = fields.firstRow();
        int slot = from * stride + fields.column() + 1;
        for (int row = from; row < rows; row++, slot += stride) {
            int start = (at[slot - 1] & FieldIndex.POSITION) + 1;
            int end = at[slot];
            if (end < 0) {
                if ((end & FieldIndex.ESCAPED) != 0) return row;
                start++;
                end = (end & FieldIndex.POSITION) - 1;
            }
            long to = (firstRow + row) * 8L;
            if (start == end) {
                Validity.set(validity, firstRow + row, false);
                values.set(Layouts.LONG, to, 0);
                continue;
            }
            boolean negative = data.get(Layouts.BYTE, start) == '-';
            if (negative) start++;
            int length = end - start;
            long value;
            if (length > 0 && length <= 8) {
                long digits = Swar.digits(data.get(Layouts.LONG, start), length);
                if (Swar.refused(digits) != 0) return row;
                value = Swar.number(digits);
            } else if (length > 8 && length <= 16) {
                long high = Swar.digits(data.get(Layouts.LONG, start), length - 8);
                long low = Swar.digits(data.get(Layouts.LONG, end - 8L), 8);
                if ((Swar.refused(high) | Swar.refused(low)) != 0) return row;
                value = (long) Swar.number(high) * EIGHT_DIGITS + Swar.number(low);
            } else {
                return row;
            }
            values.set(Layouts.LONG, to, negative ? -value : value);
        }
        return rows;
    }

    /// As [#longs], for int32.
    public static int ints(Fields fields, int from, MemorySegment values, MemorySegment validity) {
        MemorySegment data = fields.data();
        int[] at = fields.index().at;
        int stride = fields.index().stride;
        int rows = fields.rows();
        int firstRow = fields.firstRow();
        int slot = from * stride + fields.column() + 1;
        for (int row = from; row < rows; row++, slot += stride) {
            int start = (at[slot - 1] & FieldIndex.POSITION) + 1;
            int end = at[slot];
            if (end < 0) {
                if ((end & FieldIndex.ESCAPED) != 0) return row;
                start++;
                end = (end & FieldIndex.POSITION) - 1;
            }
            long to = (firstRow + row) * 4L;
            if (start == end) {
                Validity.set(validity, firstRow + row, false);
                values.set(Layouts.INT, to, 0);
                continue;
            }
            boolean negative = data.get(Layouts.BYTE, start) == '-';
            if (negative) start++;
            int length = end - start;
            if (length <= 0 || length > 10) return row;
            long digits = Swar.digits(data.get(Layouts.LONG, start), Math.min(length, 8));
            if (Swar.refused(digits) != 0) return row;
            long value = Swar.number(digits);
            for (int i = start + 8; i < end; i++) {
                int digit = data.get(Layouts.BYTE, i) - '0';
                if (digit < 0 || digit > 9) return row;
                value = value * 10 + digit;
            }
            if (negative) value = -value;
            if (value != (int) value) return row;
            values.set(Layouts.INT, to, (int) value);
        }
        return rows;
    }

    /// Writes decimals of up to 18 digits as unscaled int64: an optional minus, digits, and
    /// optionally a point and at most `scale` digits, `precision` in all.
    ///
    /// @return the first row that it can't read, or the number of rows
    public static int decimals(
            Fields fields,
            int from,
            int precision,
            int scale,
            MemorySegment values,
            MemorySegment validity) {
        MemorySegment data = fields.data();
        int[] at = fields.index().at;
        int stride = fields.index().stride;
        int rows = fields.rows();
        int slot = from * stride + fields.column() + 1;
        for (int row = from; row < rows; row++, slot += stride) {
            int start = (at[slot - 1] & FieldIndex.POSITION) + 1;
            int end = at[slot];
            if (end < 0) {
                if ((end & FieldIndex.ESCAPED) != 0) return row;
                start++;
                end = (end & FieldIndex.POSITION) - 1;
            }
            int chunkRow = fields.firstRow() + row;
            if (start == end) {
                Validity.set(validity, chunkRow, false);
                values.set(Layouts.LONG, chunkRow * 8L, 0);
                continue;
            }
            boolean negative = data.get(Layouts.BYTE, start) == '-';
            if (negative) start++;
            if (end - start < 1 || end - start > precision + 1) return row;
            long value = 0;
            int point = -1;
            for (int i = start; i < end; i++) {
                int digit = data.get(Layouts.BYTE, i) - '0';
                if (digit >= 0 && digit <= 9) value = value * 10 + digit;
                else if (digit == '.' - '0' && point < 0 && end - start > 1) point = i;
                else return row;
            }
            int fraction = point < 0 ? 0 : end - point - 1;
            int whole = (point < 0 ? end : point) - start;
            if (fraction > scale || whole > precision - scale) return row;
            for (int i = fraction; i < scale; i++) value *= 10;
            values.set(Layouts.LONG, chunkRow * 8L, negative ? -value : value);
        }
        return rows;
    }
}
