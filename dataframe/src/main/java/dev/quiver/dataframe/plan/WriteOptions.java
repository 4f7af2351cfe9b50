package dev.quiver.dataframe.plan;

import dev.quiver.dataframe.ChunkSize;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.WriteTarget;
import java.util.List;
import java.util.Optional;

/// What a writer was told.
///
/// @param path as the user wrote it
/// @param codec empty leaves it to the format
/// @param fileSize of the files of a directory; empty leaves it to the partitions
public record WriteOptions(
        WriteTarget.Format format,
        String path,
        Mode mode,
        List<String> partitionBy,
        String codec,
        CsvFormat csv,
        Optional<ChunkSize> fileSize) {
    public WriteOptions {
        partitionBy = List.copyOf(partitionBy);
    }

    /// What happens to an existing target.
    public enum Mode {
        /// It is an error.
        CREATE,
        /// It is replaced.
        OVERWRITE,
        /// Parts are added.
        APPEND
    }
}
