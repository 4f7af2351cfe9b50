package dev.quiver.operator;

import java.util.List;

/// Row groups `[from, to)` of a Parquet file, with what the file looked like when the plan was
/// made.
///
/// @param path absolute
/// @param folders columns that the file's folders hold; they come before the file's own of the same
///   name
public record RowGroups(
        String path,
        int from,
        int to,
        long rows,
        long size,
        long modifiedNanos,
        List<FolderValue> folders) {
    public RowGroups {
        folders = List.copyOf(folders);
    }

    /// Row groups of a file whose folders hold no columns.
    public RowGroups(String path, int from, int to, long rows, long size, long modifiedNanos) {
        this(path, from, to, rows, size, modifiedNanos, List.of());
    }
}
