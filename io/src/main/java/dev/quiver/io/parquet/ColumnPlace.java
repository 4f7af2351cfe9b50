package dev.quiver.io.parquet;

import org.apache.parquet.format.CompressionCodec;

/// The bytes `[from, to)` of a file that hold a row group's values of a column.
///
/// @param entries values, nulls and empty lists; in flat columns as many as rows
record ColumnPlace(long from, long to, long entries, CompressionCodec codec) {}
