package dev.quiver.io.jdbc;

import dev.quiver.columnar.Chunk;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.TableTarget;
import dev.quiver.schema.Schema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The rows of one unit on their way into the staging table: all of them and the unit's row of the
/// checkpoint in one transaction. A unit that is there already is left as it is.
public final class StagedRows implements AutoCloseable {
    private final TableTarget target;
    private final int unit;
    private final Connection connection;
    private final OptionalLong before;
    private final @Nullable RowSink sink;
    private long rows;

    private StagedRows(
            TableTarget target,
            int unit,
            Connection connection,
            OptionalLong before,
            @Nullable RowSink sink) {
        this.target = target;
        this.unit = unit;
        this.connection = connection;
        this.before = before;
        this.sink = sink;
    }

    /// What was written.
    public record Staged(long rows, long bytes) {}

    /// Begins a unit.
    ///
    /// @throws QuiverException when the database can't be reached or refuses
    public static StagedRows open(TableTarget target, Schema schema, int unit) {
        Connection connection = Connections.open(target.database());
        boolean opened = false;
        try {
            OptionalLong before = before(connection, target, unit);
            Dialect dialect = Dialect.of(target.database());
            Connections.makeDurable(connection, dialect);
            RowSink sink = null;
            if (before.isEmpty())
                sink =
                        dialect == Dialect.POSTGRESQL
                                ? new CopySink(connection, target.staging(), schema)
                                : new BatchSink(connection, target.staging(), schema, dialect);
            opened = true;
            return new StagedRows(target, unit, connection, before, sink);
        } catch (SQLException e) {
            throw failed(target, e);
        } finally {
            if (!opened) abort(connection, target);
        }
    }

    private static void abort(Connection connection, TableTarget target) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed(target, e);
        }
    }

    private static QuiverException failed(TableTarget target, SQLException e) {
        return SqlFailure.of(target.database(), "writing into " + target.title(), e);
    }

    /// How many rows the unit has when it is there.
    private static OptionalLong before(Connection connection, TableTarget target, int unit)
            throws SQLException {
        String sql =
                "SELECT row_count FROM %s WHERE run = ? AND unit = ?".formatted(target.units());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, target.run());
            statement.setInt(2, unit);
            try (ResultSet results = statement.executeQuery()) {
                return results.next() ? OptionalLong.of(results.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    /// Adds rows; the chunk stays the caller's.
    public void append(Chunk chunk) {
        if (sink == null) return;
        try {
            sink.append(chunk);
            rows += chunk.rows();
        } catch (SQLException e) {
            throw failed(target, e);
        }
    }

    /// Commits the unit.
    public Staged finish() {
        if (sink == null) return new Staged(before.orElse(0), 0);
        try {
            sink.finish();
            String sql =
                    "INSERT INTO %s (run, unit, row_count) VALUES (?, ?, ?)"
                            .formatted(target.units());
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, target.run());
                statement.setInt(2, unit);
                statement.setLong(3, rows);
                statement.executeUpdate();
            }
            connection.commit();
            return new Staged(rows, sink.bytes());
        } catch (SQLException e) {
            throw failed(target, e);
        }
    }

    /// Takes back what wasn't committed.
    @Override
    public void close() {
        try (connection) {
            if (sink != null) sink.close();
            connection.rollback();
        } catch (SQLException e) {
            // A connection that is lost has committed nothing, which is what this is for.
            if (!SqlFailure.isGone(e) && !isClosed()) throw failed(target, e);
        }
    }

    private boolean isClosed() {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            throw failed(target, e);
        }
    }
}
