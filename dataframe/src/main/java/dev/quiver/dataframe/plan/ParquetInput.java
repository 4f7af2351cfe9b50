package dev.quiver.dataframe.plan;

import dev.quiver.operator.FolderValue;
import dev.quiver.schema.Schema;
import java.util.List;

/// Parquet files that are read as one.
///
/// @param label what people call them
/// @param schema all columns of the files, by name, then those of their folders
/// @param partitionBytes about how many bytes of row groups a partition reads; 0 leaves it to the
///   planner
/// @param verifyChecksums whether pages are compared with their checksums
public record ParquetInput(
        String label,
        List<ParquetFile> files,
        Schema schema,
        long partitionBytes,
        boolean verifyChecksums) {
    public ParquetInput {
        files = List.copyOf(files);
    }

    /// Files whose checksums are compared.
    public ParquetInput(String label, List<ParquetFile> files, Schema schema, long partitionBytes) {
        this(label, files, schema, partitionBytes, true);
    }

    /// A file and its row groups, in order.
    ///
    /// @param folders columns that the names of the file's folders hold
    public record ParquetFile(InputFile file, List<RowGroup> groups, List<FolderValue> folders) {
        public ParquetFile {
            groups = List.copyOf(groups);
            folders = List.copyOf(folders);
        }

        /// A file whose folders hold no columns.
        public ParquetFile(InputFile file, List<RowGroup> groups) {
            this(file, groups, List.of());
        }
    }

    /// Rows that are stored together.
    ///
    /// @param bytes of all columns, uncompressed
    public record RowGroup(long rows, long bytes) {}
}
