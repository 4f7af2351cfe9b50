package dev.quiver.io.csv;

import dev.quiver.columnar.memory.Layouts;
import dev.quiver.io.csv.kernel.Fields;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;

/// Numbers with a comma for their point.
///
/// In place: while such fields are looked at, commas in them are points and points commas, so that
/// all that reads numbers can, and `1.5` is none. A second time makes it undone.
final class DecimalComma {
    private DecimalComma() {}

    /// Whether values of the type may have a point.
    static boolean isIn(DataType type) {
        return type instanceof DataType.FloatingPoint || type instanceof DataType.Decimal;
    }

    static void swap(Fields fields) {
        for (int row = 0; row < fields.rows(); row++)
            swap(fields.data(), fields.start(row), fields.end(row));
    }

    static void swap(MemorySegment data, int start, int end) {
        for (int at = start; at < end; at++) {
            byte value = data.get(Layouts.BYTE, at);
            if (value == ',') data.set(Layouts.BYTE, at, (byte) '.');
            else if (value == '.') data.set(Layouts.BYTE, at, (byte) ',');
        }
    }

    static String swapped(String text) {
        var swapped = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == ',') swapped.setCharAt(i, '.');
            else if (text.charAt(i) == '.') swapped.setCharAt(i, ',');
        }
        return swapped.toString();
    }
}
