package dev.quiver.operator;

/// How large a piece of rows may be: it ends before the row that would make it larger, and has one
/// row at least.
///
/// @param rows the most it has
/// @param bytes the most that its values have, unencoded: fixed widths (a bit for a bool), four
///   bytes and the UTF-8 bytes for a text, four bytes and the elements for a list
/// @param memoryBytes the most that it takes in counted memory when it is a chunk of its own,
///   shared dictionaries left out
public record ChunkLimits(long rows, long bytes, long memoryBytes) {
    /// As large as it comes.
    public static final ChunkLimits NONE =
            new ChunkLimits(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    public ChunkLimits {
        if (rows <= 0 || bytes <= 0 || memoryBytes <= 0)
            throw new IllegalArgumentException(
                    "limits of %d rows, %d and %d bytes".formatted(rows, bytes, memoryBytes));
    }

    public boolean isNone() {
        return equals(NONE);
    }
}
