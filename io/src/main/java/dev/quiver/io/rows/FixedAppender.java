package dev.quiver.io.rows;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.FixedValues;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Numbers, dates and times.
public final class FixedAppender extends ColumnAppender {
    private final DataType type;
    private final int width;
    private @Nullable Buffer values;

    FixedAppender(Field field, Context context) {
        super(field, context);
        this.type = field.type();
        this.width = FixedColumn.width(type);
    }

    private MemorySegment room() {
        long kept = (long) rows() * width;
        Buffer buffer = values;
        if (buffer == null || kept + width > buffer.capacityBytes()) {
            buffer = grown(buffer, kept, kept + width);
            values = buffer;
        }
        return buffer.segment();
    }

    /// Appends a value of the class that `Values` says, which must be in the type's range.
    ///
    /// @throws ArithmeticException when it doesn't fit the type; nothing is appended
    public void append(Object value) {
        FixedValues.set(type, room(), rows(), value);
        appended();
    }

    /// Appends a whole number to a column of integers or float64.
    ///
    /// @return false, with nothing appended, when the type can't hold it
    public boolean appendLong(long value) {
        if (type instanceof DataType.Int(var bits, var signed)) {
            if (!fits(value, bits, signed)) return false;
            MemorySegment to = room();
            int row = rows();
            switch (bits) {
                case 8 -> to.set(Layouts.BYTE, row, (byte) value);
                case 16 -> to.set(Layouts.SHORT, row * 2L, (short) value);
                case 32 -> to.set(Layouts.INT, row * 4L, (int) value);
                default -> to.set(Layouts.LONG, row * 8L, value);
            }
            appended();
            return true;
        }
        if (!type.equals(DataType.FLOAT64)) return false;
        appendDouble((double) value);
        return true;
    }

    private static boolean fits(long value, int bits, boolean signed) {
        int spare = 64 - bits;
        if (signed) return value << spare >> spare == value;
        return value >= 0 && (bits == 64 || value >>> bits == 0);
    }

    /// Appends a value as it lies in the column: days, units of time, an unscaled decimal of 64
    /// bits.
    public void appendUnits(long units) {
        MemorySegment to = room();
        if (width == 4) to.set(Layouts.INT, rows() * 4L, (int) units);
        else to.set(Layouts.LONG, rows() * 8L, units);
        appended();
    }

    /// Appends to a column of float64.
    public void appendDouble(double value) {
        room().set(Layouts.DOUBLE, rows() * 8L, value);
        appended();
    }

    @Override
    void putNothing() {
        room().asSlice((long) rows() * width, width).fill((byte) 0);
    }

    @Override
    void cutValues(int count) {}

    @Override
    public long bytes() {
        return (long) rows() * width;
    }

    @Override
    Column column(int count, @Nullable Buffer bits) {
        Buffer whole = values == null ? account().allocate(width) : values;
        values = null;
        return new FixedColumn(type, count, fitted(whole, (long) count * width), bits);
    }

    @Override
    void closeValues() {
        if (values != null) values.close();
        values = null;
    }
}
