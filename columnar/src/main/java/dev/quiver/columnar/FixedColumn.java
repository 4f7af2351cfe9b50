package dev.quiver.columnar;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Values of one width: 1, 2, 4, 8 or 16 bytes.
///
/// | type | bytes | value |
/// |---|---|---|
/// | int8 … uint64 | 1 … 8 | two's complement |
/// | float16, float32, float64 | 2, 4, 8 | IEEE 754 |
/// | decimal(p ≤ 18) | 8 | unscaled int64 (Arrow's decimal64) |
/// | decimal(p > 18) | 16 | unscaled int128 |
/// | date | 4 | days since 1970-01-01 |
/// | timestamp, time, duration | 8 | units |
public final class FixedColumn implements Column {
    private final DataType type;
    private final int rows;
    private final int width;
    private final Buffer values;
    private final @Nullable Buffer validity;
    private final int nullCount;

    /// Takes the buffers over.
    ///
    /// @param values at least `rows * width(type)` bytes
    /// @param validity at least `Validity.bytes(rows)` bytes, or null
    public FixedColumn(DataType type, int rows, Buffer values, @Nullable Buffer validity) {
        this.type = type;
        this.rows = rows;
        this.width = width(type);
        this.values = values;
        this.validity = validity;
        this.nullCount = rows - Validity.countValid(validity, rows);
        if (values.capacityBytes() < (long) rows * width)
            throw new IllegalArgumentException(
                    "%d rows of %s in %d bytes".formatted(rows, type, values.capacityBytes()));
    }

    /// Bytes a value of `type` takes.
    ///
    /// @throws IllegalArgumentException for a type that has no fixed width of whole bytes
    public static int width(DataType type) {
        return switch (type) {
            case DataType.Int(var bits, _) -> bits >> 3;
            case DataType.FloatingPoint(var bits) -> bits >> 3;
            case DataType.Decimal(var precision, _) ->
                    precision <= DataType.Decimal.PRECISION_64_MAX ? 8 : 16;
            case DataType.Date _ -> 4;
            case DataType.Timestamp _, DataType.Time _, DataType.Duration _ -> 8;
            case DataType.Bool _,
                    DataType.Utf8 _,
                    DataType.Binary _,
                    DataType.Categorical _,
                    DataType.Enumeration _,
                    DataType.ListOf _,
                    DataType.Struct _ ->
                    throw new IllegalArgumentException(type + " has no fixed width");
        };
    }

    /// The values; row `i` at byte `i * width()`.
    public MemorySegment values() {
        return values.segment();
    }

    /// The values' buffer, still this column's own.
    public Buffer valuesBuffer() {
        return values;
    }

    public int width() {
        return width;
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
    public FixedColumn retain() {
        values.retain();
        if (validity != null) validity.retain();
        return this;
    }

    @Override
    public FixedColumn slice(int from, int count) {
        Buffer bits = Column.sliceValidity(validity, from, count);
        return new FixedColumn(
                type, count, values.slice((long) from * width, (long) count * width), bits);
    }

    @Override
    public long bytes() {
        return (long) rows * width + (validity == null ? 0 : Validity.bytes(rows));
    }

    @Override
    public void close() {
        values.close();
        if (validity != null) validity.close();
    }
}
