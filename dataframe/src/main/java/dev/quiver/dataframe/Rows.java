package dev.quiver.dataframe;

import java.util.stream.Stream;

/// Rows that come one after the other, in the frame's order, with bounded memory.
///
/// ```java
/// try (Rows rows = flights.rows()) {
///     for (Row row : rows) …
/// }
/// ```
///
/// A [Row] is valid until the next one is asked for. Iterate once. Closing stops the query; rows of
/// a [Table] can be iterated again and need no closing.
public interface Rows extends Iterable<Row>, AutoCloseable {
    /// The same rows; close the stream or this.
    Stream<Row> stream();

    @Override
    void close();
}
