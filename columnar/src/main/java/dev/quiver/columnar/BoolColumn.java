package dev.quiver.columnar;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Truth values, one bit a row, laid out as [Validity] is.
public final class BoolColumn implements Column {
    private final int rows;
    private final Buffer values;
    private final @Nullable Buffer validity;
    private final int nullCount;

    /// Takes the buffers over; both hold at least `Validity.bytes(rows)` bytes.
    public BoolColumn(int rows, Buffer values, @Nullable Buffer validity) {
        this.rows = rows;
        this.values = values;
        this.validity = validity;
        this.nullCount = rows - Validity.countValid(validity, rows);
        if (values.capacityBytes() < Validity.bytes(rows))
            throw new IllegalArgumentException(
                    "%d bits in %d bytes".formatted(rows, values.capacityBytes()));
    }

    /// The bits; undefined where a row is null and behind the last row.
    public MemorySegment values() {
        return values.segment();
    }

    /// The values' buffer, still this column's own.
    public Buffer valuesBuffer() {
        return values;
    }

    public boolean get(int row) {
        return Validity.get(values.segment(), row);
    }

    @Override
    public DataType type() {
        return DataType.BOOL;
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
    public BoolColumn retain() {
        values.retain();
        if (validity != null) validity.retain();
        return this;
    }

    @Override
    public BoolColumn slice(int from, int count) {
        Buffer bits = Column.sliceValidity(validity, from, count);
        return new BoolColumn(count, values.slice(from >> 3, Validity.bytes(count)), bits);
    }

    @Override
    public long bytes() {
        return Validity.bytes(rows) * (validity == null ? 1 : 2);
    }

    @Override
    public void close() {
        values.close();
        if (validity != null) validity.close();
    }
}
