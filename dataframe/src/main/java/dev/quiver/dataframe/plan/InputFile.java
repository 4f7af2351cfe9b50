package dev.quiver.dataframe.plan;

/// A file as it was when the frame was made.
///
/// @param path absolute
/// @param modifiedNanos time of the last change, since 1970
/// @param splittable false when it can only be read from its beginning, as with gzip
/// @param rows an estimate; exact for Parquet
public record InputFile(String path, long size, long modifiedNanos, boolean splittable, long rows) {
    public InputFile {
        if (size < 0 || rows < 0) {
            throw new IllegalArgumentException(
                    "%s: size=%d, rows=%d, must be >= 0".formatted(path, size, rows));
        }
    }

    /// The same file, to be read from its beginning only.
    public InputFile whole() {
        return new InputFile(path, size, modifiedNanos, false, rows);
    }
}
