package dev.quiver.io.jdbc;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.QuiverException;
import dev.quiver.io.ChunkReader;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.rows.RowChunk;
import dev.quiver.operator.Source;
import dev.quiver.operator.TableQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Opens partitions of tables and queries.
public final class TableScans {
    private TableScans() {}

    /// Opens partition `partition` of a scan, on a connection of its own.
    ///
    /// @param account pays for the chunks
    /// @throws QuiverException when the database can't be reached or refuses the query
    public static ChunkReader open(
            Source.ScanTable scan,
            int partition,
            MemoryAccount account,
            DictionarySet dictionaries) {
        var dictionary = "%s %s".formatted(scan.database(), scan.query().text());
        var rows = new RowChunk(scan.schema(), account, dictionaries.open(dictionary));
        Connection connection = null;
        boolean opened = false;
        try {
            connection = Connections.open(scan.database());
            ChunkReader reader = reader(scan, partition, connection, rows, account);
            opened = true;
            return reader;
        } catch (SQLException e) {
            throw SqlFailure.of(scan.database(), "reading " + scan.query().label(), e);
        } finally {
            if (!opened) {
                rows.close();
                if (connection != null) close(connection, scan);
            }
        }
    }

    private static ChunkReader reader(
            Source.ScanTable scan,
            int partition,
            Connection connection,
            RowChunk rows,
            MemoryAccount account)
            throws SQLException {
        Dialect dialect = Dialect.of(scan.database());
        String condition = scan.conditions().get(partition);
        // COPY takes no parameters.
        if (dialect == Dialect.POSTGRESQL && scan.query().parameters().isEmpty())
            return CopyReader.open(scan, condition, connection, rows, account);
        return JdbcReader.open(scan, condition, connection, rows);
    }

    static void close(Connection connection, Source.ScanTable scan) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw SqlFailure.of(scan.database(), "closing the connection", e);
        }
    }

    /// The columns of a scan as SQL.
    static List<String> columns(Source.ScanTable scan) {
        var columns = new ArrayList<String>();
        for (String name : scan.schema().names())
            columns.add(TableQuery.quoted(name, scan.query().quote()));
        return columns;
    }
}
