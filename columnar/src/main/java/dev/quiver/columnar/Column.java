package dev.quiver.columnar;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.schema.DataType;
import org.jspecify.annotations.Nullable;

/// One column of a chunk: immutable values of one type in Arrow layout.
///
/// A column owns one share of each of its buffers: [#retain] takes another share, [#close] gives
/// one back. Values under a null row are undefined, but for offsets, which are always in order.
/// Where the layout differs from Arrow's, the class says so.
public sealed interface Column extends AutoCloseable
        permits FixedColumn,
                BoolColumn,
                VariableColumn,
                DictionaryColumn,
                ListColumn,
                StructColumn {
    DataType type();

    int rows();

    /// The bitmap of [Validity]; null when no row is null. Still the column's own.
    @Nullable Buffer validity();

    /// How many rows are null.
    int nullCount();

    default boolean isNull(int row) {
        Buffer validity = validity();
        return validity != null && !Validity.get(validity.segment(), row);
    }

    /// Takes a share of every buffer.
    ///
    /// @return this
    Column retain();

    /// Rows `[from, from + rows)`, sharing the memory; the caller owns the result.
    ///
    /// @param from a multiple of 64
    Column slice(int from, int rows);

    /// Bytes that the values of this column take: not what blocks round them up to, and for a
    /// dictionary-encoded column only the codes.
    long bytes();

    @Override
    void close();

    /// A slice of a bitmap or null, for columns that slice themselves.
    static @Nullable Buffer sliceValidity(@Nullable Buffer validity, int from, int rows) {
        if ((from & 63) != 0)
            throw new IllegalArgumentException("slice at row %d, not at 64s".formatted(from));
        if (validity == null) return null;
        Buffer part = validity.slice(from >> 3, Validity.bytes(rows));
        if (Validity.countOnes(part.segment(), rows) < rows) return part;
        part.close();
        return null;
    }
}
