package dev.quiver.io.rows;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import org.jspecify.annotations.Nullable;

/// Lists: a row's elements are appended to [#elements], then [#endRow] is called.
public final class ListAppender extends ColumnAppender {
    private final DataType.ListOf type;
    private final ColumnAppender elements;
    private @Nullable Buffer offsets;

    ListAppender(Field field, DataType.ListOf type, String path, Context context) {
        super(field, context);
        this.type = type;
        boolean open = type.element().type() instanceof DataType.Utf8;
        this.elements =
                ColumnAppender.of(
                        type.element(), open || path.isEmpty() ? "" : path + ".[]", context);
    }

    public ColumnAppender elements() {
        return elements;
    }

    /// Ends a row: all elements appended since the row before are its own.
    public void endRow() {
        putNothing();
        appended();
    }

    @Override
    void putNothing() {
        long kept = (rows() + 1) * 4L;
        Buffer buffer = offsets;
        if (buffer == null || kept + 4 > buffer.capacityBytes()) {
            boolean first = buffer == null;
            buffer = grown(buffer, kept, kept + 4);
            if (first) buffer.segment().set(Layouts.INT, 0, 0);
            offsets = buffer;
        }
        buffer.segment().set(Layouts.INT, kept, elements.rows());
    }

    @Override
    void cutValues(int count) {
        elements.cut(offsets == null ? 0 : offsets.segment().get(Layouts.INT, count * 4L));
    }

    @Override
    public long bytes() {
        return rows() * 4L + elements.bytes();
    }

    @Override
    Column column(int count, @Nullable Buffer bits) {
        Buffer whole = offsets == null ? account().allocateZeroed(4) : offsets;
        offsets = null;
        try {
            return new ListColumn(
                    type, count, fitted(whole, (count + 1) * 4L), elements.finish(), bits);
        } catch (RuntimeException | Error e) {
            whole.close();
            if (bits != null) bits.close();
            throw e;
        }
    }

    @Override
    void closeValues() {
        if (offsets != null) offsets.close();
        offsets = null;
        elements.close();
    }
}
