package dev.quiver.io.csv.kernel;

import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Decimal numbers as float64, correctly rounded.
public final class FloatKernel {
    private static final long POINTS = Swar.pattern('.');
    private static final long[] POWERS_OF_TEN = powersOfTen();

    private FloatKernel() {}

    private static long[] powersOfTen() {
        var powers = new long[19];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) powers[i] = powers[i - 1] * 10;
        return powers;
    }

    /// Writes fields as float64 from row `from` of the batch on; an empty field clears its bit of
    /// `validity`.
    ///
    /// @return the first row that it can't read, or the number of rows
    public static int doubles(
            Fields fields, int from, MemorySegment values, MemorySegment validity) {
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
            long bits = parse(data, start, end);
            if (bits == DecimalText.REFUSED) return row;
            values.set(Layouts.LONG, to, bits);
        }
        return rows;
    }

    /// Up to seven digits, a point and up to sixteen digits without loops; else by the general
    /// parser.
    private static long parse(MemorySegment data, int start, int end) {
        boolean negative = data.get(Layouts.BYTE, start) == '-';
        int first = negative ? start + 1 : start;
        long word = data.get(Layouts.LONG, first);
        long points = Swar.match(word, POINTS);
        int whole = Long.numberOfTrailingZeros(points) >> 3;
        int fraction = end - first - whole - 1;
        if (whole < 1 || whole > 7 || fraction < 1 || fraction > 16 || whole + fraction > 18)
            return DecimalText.parse(data, start, end);
        long digits = Swar.digits(word, whole);
        long refused = Swar.refused(digits);
        long mantissa = Swar.number(digits) * POWERS_OF_TEN[fraction];
        int behind = first + whole + 1;
        if (fraction <= 8) {
            long tail = Swar.digits(data.get(Layouts.LONG, behind), fraction);
            refused |= Swar.refused(tail);
            mantissa += Swar.number(tail);
        } else {
            long high = Swar.digits(data.get(Layouts.LONG, behind), fraction - 8);
            long low = Swar.digits(data.get(Layouts.LONG, end - 8L), 8);
            refused |= Swar.refused(high) | Swar.refused(low);
            mantissa += Swar.number(high) * POWERS_OF_TEN[8] + Swar.number(low);
        }
        if (refused != 0) return DecimalText.parse(data, start, end);
        double value = DecimalText.fast(mantissa, -fraction);
        if (Double.isNaN(value)) return DecimalText.parse(data, start, end);
        return Double.doubleToRawLongBits(negative ? -value : value);
    }
}
