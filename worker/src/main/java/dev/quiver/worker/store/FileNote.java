package dev.quiver.worker.store;

import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.List;

/// What a task says about a file that it wrote under a temporary name: a row of the manifest.
///
/// @param path the name that it is to have; that of the keys where rows were left out
/// @param temporary the name that it has; empty when there is no file to publish; what
///   [TurnedAway#text] says where it tells which rows were turned away
/// @param kind [#ROWS], [#QUARANTINE], [#DROPPED] or [#TURNED_AWAY]
/// @param checked for a gate: how many rows it saw
public record FileNote(
        String path, String temporary, long rows, long bytes, String kind, long checked) {
    /// A file of the output.
    public static final String ROWS = "rows";

    /// A file of bad rows.
    public static final String QUARANTINE = "quarantine";

    /// No file: the number of rows that were left out since their keys were seen.
    public static final String DROPPED = "dropped";

    /// No file: which rows a file of bad rows has.
    public static final String TURNED_AWAY = "turned away";

    public static final Schema MANIFEST =
            Schema.of(
                    Field.required("path", DataType.UTF8),
                    Field.required("temporary", DataType.UTF8),
                    Field.required("rows", DataType.INT64),
                    Field.required("bytes", DataType.INT64),
                    Field.required("kind", DataType.UTF8),
                    Field.required("checked", DataType.INT64));

    /// A row of the manifest.
    public static FileNote of(List<Object> values) {
        return new FileNote(
                (String) values.get(0),
                (String) values.get(1),
                (Long) values.get(2),
                (Long) values.get(3),
                (String) values.get(4),
                (Long) values.get(5));
    }

    /// As the manifest has it.
    public List<Object> values() {
        return List.of(path, temporary, rows, bytes, kind, checked);
    }
}
