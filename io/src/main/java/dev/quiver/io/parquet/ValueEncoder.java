package dev.quiver.io.parquet;

import dev.quiver.columnar.Column;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Statistics;

/// Gathers a page's values in stored form, leaving nulls out, and a row group's bounds.
sealed interface ValueEncoder extends AutoCloseable
        permits FixedEncoder, BoolEncoder, ArrayEncoder {
    /// Bytes that wait for the page's end.
    long bytes();

    /// How many of the rows from `row` on, at least one, keep the page below about `pageBytes`.
    int rowsThatFit(Column column, int row, int pageBytes);

    void append(Column column, int row, int count);

    /// Writes the page's values behind what is there, and begins the next page.
    Encoding endPage(ByteSink out);

    /// The bounds of the page that ended last, where it has any.
    Statistics pageStatistics();

    /// Writes the row group's dictionary, if it has one.
    boolean writeDictionary(PageWriter out);

    /// The row group's bounds, where it has any.
    Statistics statistics();

    /// Begins the next row group.
    void endGroup();

    @Override
    void close();
}
