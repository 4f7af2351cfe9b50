package dev.quiver.worker.exec;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// The values of a row's key columns as bytes: equal for equal values, different for others,
/// however the columns are encoded.
final class KeyBytes implements AutoCloseable {
    private static final int PADDING_BYTES = 16;

    private final MemoryAccount account;
    private Buffer scratch;
    private int length;

    KeyBytes(MemoryAccount account) {
        this.account = account;
        this.scratch = account.allocate(1024);
    }

    MemorySegment segment() {
        return scratch.segment();
    }

    int length() {
        return length;
    }

    /// Reads the key of a row.
    ///
    /// @return false when a value of it is null
    boolean read(List<Column> keys, int row) {
        length = 0;
        boolean several = keys.size() > 1;
        for (Column key : keys) {
            Buffer validity = key.validity();
            if (validity != null && !Validity.get(validity.segment(), row)) return false;
            switch (key) {
                case FixedColumn fixed -> fixed(fixed, row);
                case BoolColumn bool -> {
                    room(1);
                    segment().set(Layouts.BYTE, length++, (byte) (bool.get(row) ? 1 : 0));
                }
                case VariableColumn text ->
                        text(text.data(), text.start(row), text.length(row), several);
                case DictionaryColumn text -> {
                    int code = text.code(row);
                    int start = text.values().start(code);
                    text(text.values().data(), start, text.values().end(code) - start, several);
                }
                case ListColumn _, StructColumn _ ->
                        throw new IllegalStateException("nested keys are refused by the frame");
            }
        }
        return true;
    }

    private void fixed(FixedColumn column, int row) {
        int width = column.width();
        room(width);
        if (column.type() instanceof DataType.FloatingPoint(var bits) && bits == 64) {
            double value = column.values().get(Layouts.DOUBLE, row * 8L);
            segment().set(Layouts.LONG, length, Double.doubleToLongBits(value == 0 ? 0.0 : value));
        } else if (column.type() instanceof DataType.FloatingPoint(var bits) && bits == 32) {
            float value = Float.intBitsToFloat(column.values().get(Layouts.INT, row * 4L));
            segment().set(Layouts.INT, length, Float.floatToIntBits(value == 0 ? 0f : value));
        } else {
            MemorySegment.copy(column.values(), (long) row * width, segment(), length, width);
        }
        length += width;
    }

    private void text(MemorySegment from, int start, int bytes, boolean several) {
        room(bytes + 4);
        if (several) {
            segment().set(Layouts.INT, length, bytes);
            length += 4;
        }
        MemorySegment.copy(from, start, segment(), length, bytes);
        length += bytes;
    }

    private void room(int bytes) {
        long needed = (long) length + bytes + PADDING_BYTES;
        if (needed > scratch.capacityBytes())
            scratch = account.grow(scratch, length, Math.max(needed, scratch.capacityBytes() * 2));
    }

    @Override
    public void close() {
        scratch.close();
    }
}
