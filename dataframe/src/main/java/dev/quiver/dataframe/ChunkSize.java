package dev.quiver.dataframe;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.List;

/// How large the pieces are that rows are read or written in: as many rows as fit, and one at
/// least, so that only a row that is larger on its own is over the size.
///
/// ```java
/// for (Table chunk : flights.chunks(ChunkSize.rows(100_000))) …
/// flights.write().fileSize(ChunkSize.bytes("256MB").and(ChunkSize.rows(1_000_000))).parquet("out/");
/// ```
///
/// @param rows the most rows; 0 when that isn't said
/// @param bytes the most bytes of values, as text such as `16MB`; empty when that isn't said
/// @param memory the most memory, as text; empty when that isn't said
public record ChunkSize(long rows, String bytes, String memory) {
    public ChunkSize {
        if (rows < 0 || (rows == 0 && bytes.isEmpty() && memory.isEmpty()))
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "ChunkSize.rows(%d): a chunk has at least one row".formatted(rows),
                    List.of(),
                    "give a positive number, such as ChunkSize.rows(100_000)");
    }

    /// So many rows in each but the last.
    public static ChunkSize rows(long rows) {
        return new ChunkSize(rows, "", "");
    }

    /// So many bytes of values at most, such as `16MB`, before any compression: fixed widths (8 for
    /// an int64 or float64), and four bytes with its UTF-8 bytes for a text.
    public static ChunkSize bytes(String size) {
        return new ChunkSize(0, size, "");
    }

    /// So much of the session's memory at most, such as `64MB`, dictionaries of categoricals and
    /// encoded texts left out, which chunks share.
    public static ChunkSize memory(String size) {
        return new ChunkSize(0, "", size);
    }

    /// What fits both.
    public ChunkSize and(ChunkSize other) {
        boolean twice =
                (rows > 0 && other.rows > 0)
                        || (!bytes.isEmpty() && !other.bytes.isEmpty())
                        || (!memory.isEmpty() && !other.memory.isEmpty());
        if (twice)
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "a chunk size of %s and of %s".formatted(this, other),
                    List.of(),
                    "say rows, bytes and memory once each");
        return new ChunkSize(rows + other.rows, bytes + other.bytes, memory + other.memory);
    }
}
