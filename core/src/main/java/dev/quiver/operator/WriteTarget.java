package dev.quiver.operator;

import java.util.List;

/// Where and how rows are written.
///
/// @param path absolute: a file, or a directory of parts when `directory`
/// @param staging absolute: the directory for files that aren't published yet, on the same file
///   system as `path`
/// @param partitionBy columns that become `name=value` folders and leave the files
/// @param codec `snappy`, `zstd` or `none` for Parquet; `none` or `gzip` for CSV and JSON
/// @param csv how CSV is written
public record WriteTarget(
        Format format,
        String path,
        String staging,
        boolean directory,
        List<String> partitionBy,
        String codec,
        CsvFormat csv) {
    public WriteTarget {
        partitionBy = List.copyOf(partitionBy);
    }

    /// A file format that is written.
    public enum Format {
        CSV,
        /// One JSON object a line.
        JSONL,
        PARQUET
    }
}
