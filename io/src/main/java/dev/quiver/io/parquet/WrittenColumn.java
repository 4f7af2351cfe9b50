package dev.quiver.io.parquet;

import java.util.Optional;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnIndex;
import org.apache.parquet.format.OffsetIndex;

/// One column of a row group that is in the file, with what goes behind the last row group.
///
/// @param bounds of its pages; empty where one has none
record WrittenColumn(ColumnChunk chunk, OffsetIndex offsets, Optional<ColumnIndex> bounds) {}
