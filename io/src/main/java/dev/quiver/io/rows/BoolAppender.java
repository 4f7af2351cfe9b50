package dev.quiver.io.rows;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.schema.Field;
import org.jspecify.annotations.Nullable;

/// True and false.
public final class BoolAppender extends ColumnAppender {
    private @Nullable Buffer values;

    BoolAppender(Field field, Context context) {
        super(field, context);
    }

    public void append(boolean value) {
        put(value);
        appended();
    }

    private void put(boolean value) {
        long bytes = Validity.bytes(rows() + 1);
        Buffer buffer = values;
        if (buffer == null || bytes > buffer.capacityBytes()) {
            buffer = grown(buffer, Validity.bytes(rows()), bytes);
            values = buffer;
        }
        Validity.set(buffer.segment(), rows(), value);
    }

    @Override
    void putNothing() {
        put(false);
    }

    @Override
    void cutValues(int count) {}

    @Override
    public long bytes() {
        return rows() / 8;
    }

    @Override
    Column column(int count, @Nullable Buffer bits) {
        Buffer whole = values == null ? account().allocateZeroed(8) : values;
        values = null;
        return new BoolColumn(count, fitted(whole, Validity.bytes(count)), bits);
    }

    @Override
    void closeValues() {
        if (values != null) values.close();
        values = null;
    }
}
