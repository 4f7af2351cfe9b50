package dev.quiver.operator;

import java.util.List;

/// Where and how rows are written.
///
/// @param path absolute: a file, or a directory of parts when `directory`
/// @param staging absolute: the directory for files that aren't published yet, on the same file
///   system as `path`
/// @param partitionBy columns that become `name=value` folders and leave the files
/// @param codec `snappy`, `zstd` or `none` for Parquet; `none`, `gzip` or `zstd` for CSV and JSON,
///   `none` or `zstd` for Arrow
/// @param csv how CSV is written
/// @param fileLimits how large the parts of a directory may be
public record WriteTarget(
        Format format,
        String path,
        String staging,
        boolean directory,
        List<String> partitionBy,
        String codec,
        CsvFormat csv,
        ChunkLimits fileLimits)
        implements Target {
    /// Files as large as they come.
    public WriteTarget(
            Format format,
            String path,
            String staging,
            boolean directory,
            List<String> partitionBy,
            String codec,
            CsvFormat csv) {
        this(format, path, staging, directory, partitionBy, codec, csv, ChunkLimits.NONE);
    }

    public WriteTarget {
        partitionBy = List.copyOf(partitionBy);
    }

    /// Whether what is written is only read again by the same job: its files needn't survive a
    /// crash.
    public boolean isIntermediate() {
        return path.equals(staging);
    }

    @Override
    public String title() {
        return path;
    }

    @Override
    public boolean inParts() {
        return directory;
    }

    /// A file format that is written.
    public enum Format {
        CSV,
        /// Arrow IPC, with a footer that says where the batches are.
        ARROW,
        /// Arrow IPC, to be read from its begin.
        ARROW_STREAM,
        /// One JSON object a line.
        JSONL,
        PARQUET;

        /// Whether parts that were written on their own can be put together as one file.
        public boolean isJoinable() {
            return this != ARROW && this != ARROW_STREAM;
        }
    }
}
