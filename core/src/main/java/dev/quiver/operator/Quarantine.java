package dev.quiver.operator;

import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;

/// Where a gate keeps the rows that it turns away: a part for each of its partitions.
///
/// @param target a directory of parts, with a staging directory of its own
/// @param run id of the run, which every row carries
/// @param number of the gate among those with this target, which part names carry unless it is 0
/// @param rowsMax more rows than this stop the task
public record Quarantine(WriteTarget target, String run, int number, long rowsMax) {
    /// What is kept of a bad row: the file it came from, its line (of text files) or row number
    /// (counted from 1), the column that the rule is about, the rule's name, the row as the file
    /// has it (as JSON where the file isn't text) and the run. Source and row are null where the
    /// gate doesn't stand on a file.
    public static final Schema SCHEMA =
            Schema.of(
                    Field.of("source", DataType.UTF8),
                    Field.of("row", DataType.INT64),
                    Field.of("column", DataType.UTF8),
                    Field.required("rule", DataType.UTF8),
                    Field.of("raw", DataType.UTF8),
                    Field.required("run", DataType.UTF8));
}
