package dev.quiver.dataframe.plan;

import dev.quiver.schema.Schema;
import java.util.List;

/// Parquet files that are read as one.
///
/// @param label what people call them
/// @param schema all columns of the files
/// @param partitionBytes about how many bytes of row groups a partition reads; 0 leaves it to the
///   planner
public record ParquetInput(
        String label, List<ParquetFile> files, Schema schema, long partitionBytes) {
    public ParquetInput {
        files = List.copyOf(files);
    }

    /// A file and its row groups, in order.
    public record ParquetFile(InputFile file, List<RowGroup> groups) {
        public ParquetFile {
            groups = List.copyOf(groups);
        }
    }

    /// Rows that are stored together.
    ///
    /// @param bytes of all columns, uncompressed
    public record RowGroup(long rows, long bytes) {}
}
