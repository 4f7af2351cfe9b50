package dev.quiver.io.jdbc;

import dev.quiver.columnar.Chunk;
import dev.quiver.io.ChunkReader;
import dev.quiver.io.rows.ColumnAppender;
import dev.quiver.io.rows.RowChunk;
import dev.quiver.operator.Source;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a partition of a table or query by what every driver has, a cursor's load at a time.
final class JdbcReader implements ChunkReader {
    private static final int ROWS_FETCHED = 4096;

    private final Source.ScanTable scan;
    private final Connection connection;
    private final PreparedStatement statement;
    private final ResultSet results;
    private final RowChunk rows;
    private final List<JdbcCell> cells = new ArrayList<>();
    private boolean ended;
    private long bytes;

    private JdbcReader(
            Source.ScanTable scan,
            Connection connection,
            PreparedStatement statement,
            ResultSet results,
            RowChunk rows) {
        this.scan = scan;
        this.connection = connection;
        this.statement = statement;
        this.results = results;
        this.rows = rows;
        boolean asText = Dialect.of(scan.database()) == Dialect.SQLITE;
        for (ColumnAppender column : rows.columns())
            cells.add(new JdbcCell(column, cells.size() + 1, scan.query().label(), asText));
    }

    /// Takes the connection and the rows over when it succeeds.
    static JdbcReader open(
            Source.ScanTable scan, String condition, Connection connection, RowChunk rows)
            throws SQLException {
        String sql = scan.query().sql(TableScans.columns(scan), condition);
        PreparedStatement statement = connection.prepareStatement(sql);
        boolean opened = false;
        try {
            statement.setFetchSize(ROWS_FETCHED);
            bind(statement, scan.query().parameters());
            var reader =
                    new JdbcReader(scan, connection, statement, statement.executeQuery(), rows);
            opened = true;
            return reader;
        } finally {
            if (!opened) statement.close();
        }
    }

    static void bind(PreparedStatement statement, List<Object> parameters) throws SQLException {
        for (int i = 0; i < parameters.size(); i++)
            statement.setObject(i + 1, JdbcCell.parameter(parameters.get(i)));
    }

    @Override
    public @Nullable Chunk next() {
        if (ended) return null;
        try {
            while (!rows.isFull()) {
                if (!results.next()) {
                    ended = true;
                    break;
                }
                for (JdbcCell cell : cells) cell.take(results);
                rows.endRow();
            }
        } catch (SQLException e) {
            throw SqlFailure.of(scan.database(), "reading " + scan.query().label(), e);
        }
        Chunk chunk = rows.take();
        if (chunk != null) bytes += chunk.columns().stream().mapToLong(c -> c.bytes()).sum();
        return chunk;
    }

    @Override
    public long bytesRead() {
        return bytes;
    }

    @Override
    public void close() {
        rows.close();
        try (connection;
                statement) {
            results.close();
        } catch (SQLException e) {
            if (ended) throw SqlFailure.of(scan.database(), "closing the connection", e);
        }
    }
}
