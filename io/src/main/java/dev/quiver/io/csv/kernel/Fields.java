package dev.quiver.io.csv.kernel;

import java.lang.foreign.MemorySegment;

/// The fields of one column in a batch of rows, as kernels take them.
///
/// @param data the window of bytes
/// @param index where fields lie
/// @param column number of the column in the file, from 0
/// @param firstRow the row of the chunk that the batch's first row becomes
public record Fields(MemorySegment data, FieldIndex index, int column, int firstRow) {
    public int rows() {
        return index.rows;
    }

    public int start(int row) {
        return (index.at[row * index.stride + column] & FieldIndex.POSITION) + 1;
    }

    public int end(int row) {
        return rawEnd(row) & FieldIndex.POSITION;
    }

    public boolean isQuoted(int row) {
        return rawEnd(row) < 0;
    }

    public boolean isEscaped(int row) {
        return (rawEnd(row) & FieldIndex.ESCAPED) != 0;
    }

    /// The end of the field with its flags.
    public int rawEnd(int row) {
        return index.at[row * index.stride + column + 1];
    }
}
