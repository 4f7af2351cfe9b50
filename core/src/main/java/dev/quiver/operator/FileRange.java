package dev.quiver.operator;

/// Bytes `[from, to)` of a file, with what the file looked like when the plan was made: a file that
/// changed since is an error. A compressed file is one range.
///
/// A range holds the lines that begin inside it. Whether `from` lies inside quotes is found by the
/// reader.
///
/// @param path absolute
/// @param size bytes of the whole file
/// @param modifiedNanos time of the last change, since 1970
public record FileRange(String path, long from, long to, long size, long modifiedNanos) {
    public FileRange {
        if (from < 0 || to < from || to > size)
            throw new IllegalArgumentException(
                    "range %d..%d of %s with %d bytes".formatted(from, to, path, size));
    }

    /// What people are told of it.
    String title() {
        return "%s, bytes %d to %d".formatted(path, from, to);
    }
}
