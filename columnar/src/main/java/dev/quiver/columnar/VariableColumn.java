package dev.quiver.columnar;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// Texts or byte strings: `rows + 1` int32 offsets into one buffer of bytes, which is at most 2 GiB
/// and has [#PADDING_BYTES] readable bytes behind the last value.
public final class VariableColumn implements Column {
    /// Readable bytes behind the last value, so that kernels may load whole words.
    public static final int PADDING_BYTES = 8;

    private final DataType type;
    private final int rows;
    private final Buffer offsets;
    private final Buffer bytes;
    private final @Nullable Buffer validity;
    private final int nullCount;

    /// Takes the buffers over.
    ///
    /// @param type utf8 or binary (never categorical: that is always a [DictionaryColumn])
    /// @param offsets `rows + 1` ascending int32
    /// @param bytes the values end to end, and the padding
    public VariableColumn(
            DataType type, int rows, Buffer offsets, Buffer bytes, @Nullable Buffer validity) {
        this.type = type;
        this.rows = rows;
        this.offsets = offsets;
        this.bytes = bytes;
        this.validity = validity;
        this.nullCount = rows - Validity.countValid(validity, rows);
        if (offsets.capacityBytes() < (rows + 1L) * 4)
            throw new IllegalArgumentException(
                    "%d offsets in %d bytes".formatted(rows + 1, offsets.capacityBytes()));
        if (bytes.capacityBytes() < end(rows - 1) + (long) PADDING_BYTES)
            throw new IllegalArgumentException(
                    "values end at %d of %d bytes, without %d bytes of padding"
                            .formatted(end(rows - 1), bytes.capacityBytes(), PADDING_BYTES));
    }

    /// Row `i` lies in bytes `offset[i] … offset[i + 1]`.
    public MemorySegment offsets() {
        return offsets.segment();
    }

    public MemorySegment data() {
        return bytes.segment();
    }

    /// The buffers, still this column's own.
    public Buffer offsetsBuffer() {
        return offsets;
    }

    public Buffer dataBuffer() {
        return bytes;
    }

    public int start(int row) {
        return offsets.segment().get(Layouts.INT, row * 4L);
    }

    public int end(int row) {
        return offsets.segment().get(Layouts.INT, (row + 1) * 4L);
    }

    public int length(int row) {
        return end(row) - start(row);
    }

    /// The bytes of a row, copied.
    public byte[] get(int row) {
        int start = start(row);
        return bytes.segment()
                .asSlice(start, end(row) - (long) start)
                .toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public DataType type() {
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
    public VariableColumn retain() {
        offsets.retain();
        bytes.retain();
        if (validity != null) validity.retain();
        return this;
    }

    @Override
    public VariableColumn slice(int from, int count) {
        Buffer bits = Column.sliceValidity(validity, from, count);
        return new VariableColumn(
                type, count, offsets.slice(from * 4L, (count + 1) * 4L), bytes.retain(), bits);
    }

    @Override
    public long bytes() {
        return (rows + 1) * 4L
                + (end(rows - 1) - start(0))
                + (validity == null ? 0 : Validity.bytes(rows));
    }

    @Override
    public void close() {
        offsets.close();
        bytes.close();
        if (validity != null) validity.close();
    }
}
