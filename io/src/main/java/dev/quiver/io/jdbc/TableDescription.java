package dev.quiver.io.jdbc;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.Database;
import dev.quiver.operator.TableQuery;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/// What a table or query is, as its database says: its columns, its partitions, about how many
/// rows.
///
/// @param conditions which rows each partition has, as SQL
public record TableDescription(
        TableQuery query, Schema schema, List<String> conditions, long rows) {
    private static final long ROWS_UNKNOWN = 100_000;
    private static final int LABEL_LENGTH_MAX = 60;

    public TableDescription {
        conditions = List.copyOf(conditions);
    }

    /// What is asked for.
    ///
    /// @param text a table's name, or a query
    /// @param partitionColumn empty for one partition
    /// @param types declared by the user
    public record Asked(
            Database database,
            String text,
            boolean isQuery,
            List<Object> parameters,
            String partitionColumn,
            int partitions,
            Map<String, DataType> types) {
        public Asked {
            parameters = List.copyOf(parameters);
            types = Map.copyOf(types);
        }
    }

    /// Asks the database.
    ///
    /// @throws QuiverException when it can't be reached or refuses, or a column can't be read
    public static TableDescription of(Asked asked) {
        String label = label(asked);
        checkFile(asked.database());
        try (Connection connection = Connections.open(asked.database())) {
            String quote = connection.getMetaData().getIdentifierQuoteString().strip();
            String text =
                    asked.isQuery()
                            ? asked.text().strip().replaceFirst(";\\s*$", "")
                            : TableName.parse(asked.text()).sql(quote);
            var query = new TableQuery(label, text, asked.isQuery(), asked.parameters(), quote);
            Schema schema = schema(connection, query, asked);
            List<String> conditions =
                    asked.partitionColumn().isEmpty()
                            ? List.of("")
                            : PartitionBounds.conditions(
                                    connection,
                                    query,
                                    schema,
                                    asked.partitionColumn(),
                                    asked.partitions());
            return new TableDescription(query, schema, conditions, rows(connection, query, asked));
        } catch (SQLException e) {
            throw SqlFailure.of(asked.database(), "reading " + label, e);
        }
    }

    /// Refuses a file that isn't there: drivers would make an empty one.
    private static void checkFile(Database database) {
        String prefix = "jdbc:%s:".formatted(database.kind());
        boolean inFile =
                switch (Dialect.of(database)) {
                    case DUCKDB, SQLITE -> true;
                    case POSTGRESQL, OTHER -> false;
                };
        if (!inFile) return;
        String file = database.url().substring(prefix.length()).replaceFirst("[?;].*", "");
        // Databases in memory, and what isn't the path of a file.
        if (file.isEmpty() || file.contains(":")) return;
        if (Files.exists(Path.of(file))) return;
        throw new QuiverException(
                ErrorCode.FILE_NOT_FOUND,
                "no database '%s'".formatted(file),
                List.of("looked in: " + Path.of("").toAbsolutePath()),
                "check the path; a relative one starts there");
    }

    private static String label(Asked asked) {
        String text = asked.text().strip().replaceAll("\\s+", " ");
        return text.length() <= LABEL_LENGTH_MAX
                ? text
                : text.substring(0, LABEL_LENGTH_MAX - 1) + "…";
    }

    private static Schema schema(Connection connection, TableQuery query, Asked asked)
            throws SQLException {
        Dialect dialect = Dialect.of(asked.database());
        // SQLite knows the class of an expression by its value alone.
        String sql =
                dialect == Dialect.SQLITE
                        ? query.sql(List.of("*"), "") + " LIMIT 1"
                        : query.sql(List.of("*"), "1 = 0");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            JdbcReader.bind(statement, query.parameters());
            try (ResultSet results = statement.executeQuery()) {
                if (dialect == Dialect.SQLITE) results.next();
                Schema schema = ColumnTypes.schema(results.getMetaData(), dialect, asked.types());
                if (schema.size() > 0) return schema;
            }
        }
        throw new QuiverException(
                ErrorCode.UNSUPPORTED,
                "%s has no columns".formatted(query.label()),
                List.of("database: " + asked.database()),
                "read another table");
    }

    private static long rows(Connection connection, TableQuery query, Asked asked)
            throws SQLException {
        if (query.isQuery()) return ROWS_UNKNOWN;
        String sql =
                switch (Dialect.of(asked.database())) {
                    case POSTGRESQL ->
                            "SELECT CAST(reltuples AS bigint) FROM pg_class WHERE oid ="
                                    + " CAST(? AS regclass)";
                    case DUCKDB -> "SELECT count(*) FROM " + query.text();
                    case SQLITE, OTHER -> "";
                };
        if (sql.isEmpty()) return ROWS_UNKNOWN;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            if (Dialect.of(asked.database()) == Dialect.POSTGRESQL)
                statement.setString(1, query.text());
            try (ResultSet results = statement.executeQuery()) {
                long rows = results.next() ? results.getLong(1) : -1;
                return rows < 0 ? ROWS_UNKNOWN : rows;
            }
        }
    }
}
