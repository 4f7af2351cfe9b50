package dev.quiver.dataframe;

/// A frame's rows in tables of a size, one after the other in the frame's order, with bounded
/// memory.
///
/// ```java
/// try (Chunks chunks = flights.chunks(ChunkSize.rows(100_000))) {
///     for (Table chunk : chunks) …
/// }
/// ```
///
/// A table is closed when the next one is asked for. Iterate once. Closing stops the query.
public interface Chunks extends Iterable<Table>, AutoCloseable {
    @Override
    void close();
}
