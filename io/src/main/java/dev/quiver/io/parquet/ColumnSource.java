package dev.quiver.io.parquet;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;

/// Reads one column of a row group, so many rows at a time.
sealed interface ColumnSource extends AutoCloseable
        permits ColumnReader, NestedReader, ConstantSource, WidenedSource {
    /// The next rows as a column. The caller owns it.
    ///
    /// @param rows at most those of a chunk
    /// @throws dev.quiver.error.QuiverException FILE_CORRUPT when there are fewer
    Column read(int rows);

    /// Leaves rows out.
    default void skip(long rows) {
        for (long left = rows; left > 0; left -= Chunk.ROWS)
            read((int) Math.min(left, Chunk.ROWS)).close();
    }

    /// Checks that the rows that were read were all of the row group.
    ///
    /// @throws dev.quiver.error.QuiverException FILE_CORRUPT when there are more
    default void end() {}

    /// Bytes of the file read so far.
    long bytesRead();

    @Override
    void close();
}
