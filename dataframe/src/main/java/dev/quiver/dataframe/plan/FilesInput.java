package dev.quiver.dataframe.plan;

import dev.quiver.operator.FileFormat;
import dev.quiver.schema.Schema;
import java.util.List;

/// Files of one format that are read as one.
///
/// @param label what people call them: `events.jsonl` or `in/*.jsonl`
/// @param schema all columns of the files
/// @param partitionBytes about how many bytes of a file a partition reads; 0 leaves it to the
///   planner
public record FilesInput(
        String label,
        List<InputFile> files,
        FileFormat format,
        Schema schema,
        long partitionBytes) {
    public FilesInput {
        files = List.copyOf(files);
    }
}
