package dev.quiver.columnar;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Lists: `rows + 1` int32 offsets into a column of elements.
public final class ListColumn implements Column {
    private final DataType.ListOf type;
    private final int rows;
    private final Buffer offsets;
    private final Column elements;
    private final @Nullable Buffer validity;
    private final int nullCount;

    /// Takes the buffers and the elements over.
    public ListColumn(
            DataType.ListOf type,
            int rows,
            Buffer offsets,
            Column elements,
            @Nullable Buffer validity) {
        this.type = type;
        this.rows = rows;
        this.offsets = offsets;
        this.elements = elements;
        this.validity = validity;
        this.nullCount = rows - Validity.countValid(validity, rows);
    }

    public MemorySegment offsets() {
        return offsets.segment();
    }

    public Column elements() {
        return elements;
    }

    public int start(int row) {
        return offsets.segment().get(Layouts.INT, row * 4L);
    }

    public int end(int row) {
        return offsets.segment().get(Layouts.INT, (row + 1) * 4L);
    }

    @Override
    public DataType.ListOf type() {
        return type;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public @Nullable Buffer validity() {
        return validity;
    }

    @Override
    public int nullCount() {
        return nullCount;
    }

    @Override
    public ListColumn retain() {
        offsets.retain();
        elements.retain();
        if (validity != null) validity.retain();
        return this;
    }

    @Override
    public ListColumn slice(int from, int count) {
        Buffer bits = Column.sliceValidity(validity, from, count);
        return new ListColumn(
                type, count, offsets.slice(from * 4L, (count + 1) * 4L), elements.retain(), bits);
    }

    @Override
    public long bytes() {
        return (rows + 1) * 4L + elements.bytes() + (validity == null ? 0 : Validity.bytes(rows));
    }

    @Override
    public void close() {
        offsets.close();
        elements.close();
        if (validity != null) validity.close();
    }
}
