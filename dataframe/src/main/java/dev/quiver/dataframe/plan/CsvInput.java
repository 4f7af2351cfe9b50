package dev.quiver.dataframe.plan;

import dev.quiver.operator.CsvFormat;
import dev.quiver.schema.Schema;
import java.util.List;

/// CSV files that are read as one.
///
/// @param label what people call them: `flights.csv` or `in/*.csv`
/// @param schema all columns of the files
/// @param partitionBytes about how many bytes of a file a partition reads; 0 leaves it to the
///   planner
public record CsvInput(
        String label, List<InputFile> files, CsvFormat format, Schema schema, long partitionBytes) {
    public CsvInput {
        files = List.copyOf(files);
    }
}
