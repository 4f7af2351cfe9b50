package dev.quiver.io.jdbc;

import dev.quiver.columnar.Chunk;
import java.sql.SQLException;

/// Puts rows into a table, in the transaction of its connection.
sealed interface RowSink extends AutoCloseable permits BatchSink, CopySink {
    /// The chunk stays the caller's.
    void append(Chunk chunk) throws SQLException;

    /// Sends what is left.
    void finish() throws SQLException;

    /// Bytes that were sent, or about so many.
    long bytes();

    @Override
    void close() throws SQLException;
}
