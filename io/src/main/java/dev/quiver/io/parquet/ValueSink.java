package dev.quiver.io.parquet;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.memory.Buffer;
import org.jspecify.annotations.Nullable;

/// Makes columns out of a column's pages: pages come in, then values are taken from the last one.
sealed interface ValueSink extends AutoCloseable permits FixedSink, BoolSink, ArraySink {
    /// Keeps the values of a dictionary page.
    void dictionary(Page page);

    /// Reads from this data page from now on.
    void page(Page page);

    /// Begins a column of so many rows.
    void begin(int rows);

    /// Reads the next `present` values into those of the rows `[row, row + rows)` whose bit is 1.
    ///
    /// @param validity of the column; null where no value can be null
    void values(int row, int rows, int present, @Nullable Buffer validity);

    /// The column. The caller owns it.
    ///
    /// @param validity taken over
    Column end(@Nullable Buffer validity);

    /// Gives back what isn't part of a column that was given out.
    @Override
    void close();
}
