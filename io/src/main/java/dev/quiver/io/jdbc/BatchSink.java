package dev.quiver.io.jdbc;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.operator.TableQuery;
import dev.quiver.schema.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts rows in by `INSERT`s of many rows each, which take DuckDB and SQLite far less time than
/// batches of single ones.
final class BatchSink implements RowSink {
    private static final int VALUES_A_STATEMENT = 960;

    private final Connection connection;
    private final String head;
    private final String marks;
    private final int rowsMax;
    private final boolean timesAreText;
    private final List<@Nullable Object> waiting = new ArrayList<>();
    private @Nullable PreparedStatement statement;
    private long bytes;

    /// @param table as SQL
    BatchSink(Connection connection, String table, Schema schema, Dialect dialect) {
        List<String> names =
                schema.names().stream().map(name -> TableQuery.quoted(name, "\"")).toList();
        this.connection = connection;
        this.head = "INSERT INTO %s (%s) VALUES ".formatted(table, String.join(", ", names));
        this.marks = "(%s)".formatted(String.join(", ", Collections.nCopies(names.size(), "?")));
        this.rowsMax = Math.max(1, VALUES_A_STATEMENT / names.size());
        this.timesAreText = dialect == Dialect.SQLITE;
    }

    @Override
    public void append(Chunk chunk) throws SQLException {
        List<Column> columns = chunk.columns();
        for (int row = 0; row < chunk.rows(); row++) {
            for (Column column : columns) waiting.add(value(ColumnValues.get(column, row)));
            if (waiting.size() == rowsMax * columns.size()) insertFull();
        }
        for (Column column : columns) bytes += column.bytes();
    }

    private @Nullable Object value(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case BigInteger whole -> timesAreText ? whole.toString() : new BigDecimal(whole);
            case BigDecimal number -> timesAreText ? number.toPlainString() : number;
            case Instant instant ->
                    timesAreText ? instant.toString() : instant.atOffset(ZoneOffset.UTC);
            case LocalDate date -> timesAreText ? date.toString() : date;
            case LocalTime time -> timesAreText ? time.toString() : time;
            case LocalDateTime time -> timesAreText ? time.toString() : time;
            default -> value;
        };
    }

    private void insertFull() throws SQLException {
        PreparedStatement full = statement;
        if (full == null) {
            full = prepared(rowsMax);
            statement = full;
        }
        insert(full);
    }

    private PreparedStatement prepared(int rows) throws SQLException {
        return connection.prepareStatement(
                head + String.join(", ", Collections.nCopies(rows, marks)));
    }

    private void insert(PreparedStatement prepared) throws SQLException {
        for (int i = 0; i < waiting.size(); i++) prepared.setObject(i + 1, waiting.get(i));
        prepared.executeUpdate();
        waiting.clear();
    }

    @Override
    public void finish() throws SQLException {
        if (waiting.isEmpty()) return;
        int columns = (int) marks.chars().filter(c -> c == '?').count();
        try (PreparedStatement rest = prepared(waiting.size() / columns)) {
            insert(rest);
        }
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() throws SQLException {
        if (statement != null) statement.close();
    }
}
