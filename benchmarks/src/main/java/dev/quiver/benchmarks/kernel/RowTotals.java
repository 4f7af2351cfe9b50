package dev.quiver.benchmarks.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// The totals of columns, by which a benchmark's answer is known. They cost a fraction of a
/// nanosecond a row.
final class RowTotals {
    private RowTotals() {}

    static double doubles(Column column) {
        MemorySegment values = ((FixedColumn) column).values();
        double total = 0;
        for (int i = 0; i < column.rows(); i++) total += values.get(Layouts.DOUBLE, i * 8L);
        return total;
    }

    static long longs(Column column) {
        MemorySegment values = ((FixedColumn) column).values();
        long total = 0;
        for (int i = 0; i < column.rows(); i++) total += values.get(Layouts.LONG, i * 8L);
        return total;
    }

    /// Of codes, or of an int32 column.
    static long ints(Column column) {
        MemorySegment values =
                column instanceof DictionaryColumn coded
                        ? coded.codes()
                        : ((FixedColumn) column).values();
        long total = 0;
        for (int i = 0; i < column.rows(); i++) total += values.get(Layouts.INT, i * 4L);
        return total;
    }

    /// Of the lengths of encoded texts.
    static long textBytes(Column column) {
        var coded = (DictionaryColumn) column;
        long total = 0;
        for (int i = 0; i < column.rows(); i++) {
            int code = coded.code(i);
            total += coded.values().end(code) - coded.values().start(code);
        }
        return total;
    }

    /// Of int32, each times its place: another order has another total.
    static long ordered(MemorySegment values, int rows) {
        long total = 0;
        for (int i = 0; i < rows; i++) total += (i + 1L) * values.get(Layouts.INT, i * 4L);
        return total;
    }
}
