package dev.quiver.io.jdbc;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.ChunkReader;
import dev.quiver.io.rows.RowChunk;
import dev.quiver.operator.Source;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/// Reads a partition of PostgreSQL's by `COPY … TO STDOUT` in its binary format: rows come as the
/// server sends them, and nothing waits but one message.
///
/// Source: PostgreSQL documentation, "COPY", section "Binary Format".
final class CopyReader implements ChunkReader {
    private static final int HEADER_BYTES = 11 + 4 + 4;
    private static final List<String> BINARY_TYPES =
            List.of(
                    "bool",
                    "int2",
                    "int4",
                    "int8",
                    "oid",
                    "float4",
                    "float8",
                    "numeric",
                    "date",
                    "timestamp",
                    "timestamptz",
                    "time",
                    "bytea",
                    "text",
                    "varchar",
                    "bpchar");

    private final Source.ScanTable scan;
    private final Connection connection;
    private final CopyOut copy;
    private final RowChunk rows;
    private final CopyRow row;
    private boolean begun;
    private boolean ended;
    private long bytes;

    private CopyReader(
            Source.ScanTable scan,
            Connection connection,
            CopyOut copy,
            RowChunk rows,
            CopyRow row) {
        this.scan = scan;
        this.connection = connection;
        this.copy = copy;
        this.rows = rows;
        this.row = row;
    }

    /// Takes the connection and the rows over when it succeeds.
    static CopyReader open(
            Source.ScanTable scan,
            String condition,
            Connection connection,
            RowChunk rows,
            MemoryAccount account)
            throws SQLException {
        var columns = new ArrayList<String>();
        var types = new ArrayList<String>();
        // A comment keeps a condition on the columns' own values, not on their texts.
        try (PreparedStatement statement =
                connection.prepareStatement(scan.query().sql(TableScans.columns(scan), ""))) {
            ResultSetMetaData found = statement.getMetaData();
            for (int i = 0; i < scan.schema().size(); i++) {
                String type = found.getColumnTypeName(i + 1).toLowerCase(Locale.ROOT);
                type = type.replace("bigserial", "int8").replace("serial", "int4");
                String name = TableScans.columns(scan).get(i);
                boolean binary = BINARY_TYPES.contains(type);
                columns.add(binary ? name : "CAST(%s AS text)".formatted(name));
                types.add(binary ? type : "text");
            }
        }
        String sql = scan.query().sql(columns, condition);
        CopyOut copy =
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyOut("COPY (%s) TO STDOUT (FORMAT binary)".formatted(sql));
        var row = new CopyRow(rows.columns(), types, scan.query().label(), account);
        return new CopyReader(scan, connection, copy, rows, row);
    }

    @Override
    public @Nullable Chunk next() {
        if (ended) return null;
        try {
            while (!rows.isFull() && !ended) {
                byte[] message = copy.readFromCopy();
                if (message == null) throw cutOff();
                bytes += message.length;
                int from = begun ? 0 : HEADER_BYTES;
                begun = true;
                if (from == message.length) continue;
                if (!row.take(message, from)) ended = true;
                else rows.endRow();
            }
            // The server says after the last row whether all went well.
            if (ended && copy.readFromCopy() != null) throw cutOff();
        } catch (SQLException e) {
            throw SqlFailure.of(scan.database(), "reading " + scan.query().label(), e);
        }
        return rows.take();
    }

    private QuiverException cutOff() {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "the rows of %s were cut off".formatted(scan.query().label()),
                List.of("database: " + scan.database()),
                "run it again");
    }

    @Override
    public long bytesRead() {
        return bytes;
    }

    @Override
    public void close() {
        rows.close();
        row.close();
        try (connection) {
            if (copy.isActive()) copy.cancelCopy();
        } catch (SQLException e) {
            // One that is left early is cancelled, which the server may call an error.
            if (ended) throw SqlFailure.of(scan.database(), "closing the connection", e);
        }
    }
}
