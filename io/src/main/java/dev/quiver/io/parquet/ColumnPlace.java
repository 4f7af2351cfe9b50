package dev.quiver.io.parquet;

import org.apache.parquet.format.CompressionCodec;

/// The bytes `[from, to)` of a file that hold a row group's values of a column.
record ColumnPlace(long from, long to, long rows, CompressionCodec codec) {}
