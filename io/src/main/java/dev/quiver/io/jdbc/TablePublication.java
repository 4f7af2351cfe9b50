package dev.quiver.io.jdbc;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.Database;
import dev.quiver.operator.TableMode;
import dev.quiver.operator.TableQuery;
import dev.quiver.operator.TableTarget;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/// A write into a table: its tasks fill a staging table beside it, unit by unit; one transaction
/// puts the rows into their place. Each step may be done again after a crash, also by another
/// process.
public final class TablePublication {
    /// The unit whose row says that all was published.
    private static final int PUBLISHED = -1;

    private static final String QUOTE = "\"";

    private final Database database;
    private final Dialect dialect;
    private final TableName name;
    private final TableName stagingName;
    private final String staging;
    private final String units;
    private final TableMode mode;
    private final List<String> keys;
    private final Schema schema;
    private final String run;

    /// @param table as the user wrote its name
    /// @param keys for UPSERT
    /// @param token tells the tables of this write from those of others; letters and digits
    /// @param run the same for all processes that go on with one write, another for the next
    /// @throws QuiverException when the database isn't one that is written
    public TablePublication(
            Database database,
            String table,
            TableMode mode,
            List<String> keys,
            Schema schema,
            String token,
            String run) {
        this.database = database;
        this.dialect = Dialect.of(database);
        this.name = TableName.parse(table);
        this.stagingName = name.sibling("quiver_" + token);
        this.staging = stagingName.sql(QUOTE);
        this.units = name.sibling("quiver_" + token + "_units").sql(QUOTE);
        this.mode = mode;
        this.keys = List.copyOf(keys);
        this.schema = schema;
        this.run = run;
        check();
    }

    private void check() {
        if (dialect == Dialect.OTHER)
            throw new QuiverException(
                    ErrorCode.UNSUPPORTED,
                    "'%s' can be read but not written".formatted(database),
                    List.of("written are: PostgreSQL, DuckDB, SQLite"),
                    "write a file that the database can load, such as CSV");
        String url = database.url();
        if (url.endsWith(":memory:") || url.equals("jdbc:duckdb:") || url.equals("jdbc:sqlite:"))
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "'%s' is a database that each connection has for itself".formatted(database),
                    List.of(),
                    "name a file");
        for (Field field : schema.fields()) TableTypes.of(field, dialect);
    }

    /// What the tasks are told.
    public TableTarget target() {
        return new TableTarget(
                database, name.toString(), staging, units, run, dialect.writesAtOnce());
    }

    private interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    private <T> T transaction(Work<T> work) {
        try (Connection connection = Connections.open(database)) {
            boolean done = false;
            try {
                Connections.makeDurable(connection, dialect);
                T result = work.in(connection);
                connection.commit();
                done = true;
                return result;
            } finally {
                if (!done) connection.rollback();
            }
        } catch (SQLException e) {
            throw SqlFailure.of(database, "writing into " + name, e);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// Refuses a table that is there and is not to be changed.
    ///
    /// @throws QuiverException with the code `TARGET_EXISTS`
    public void checkFree() {
        if (mode != TableMode.CREATE) return;
        if (transaction(connection -> exists(connection, dialect, name))) throw inTheWay();
    }

    private QuiverException inTheWay() {
        return new QuiverException(
                ErrorCode.TARGET_EXISTS,
                "the table %s is there already".formatted(name),
                List.of("database: " + database),
                "write into another one, or say append(), overwrite() or upsert(…)");
    }

    /// Whether a database has a table, view or the like of a name.
    ///
    /// @param table as the user wrote its name
    public static boolean isThere(Database database, String table) {
        try (Connection connection = Connections.open(database)) {
            boolean there = exists(connection, Dialect.of(database), TableName.parse(table));
            connection.rollback();
            return there;
        } catch (SQLException e) {
            throw SqlFailure.of(database, "looking for " + table, e);
        }
    }

    private static boolean exists(Connection connection, Dialect dialect, TableName table)
            throws SQLException {
        String sql =
                switch (dialect) {
                    case POSTGRESQL -> "SELECT to_regclass(?) IS NOT NULL";
                    case SQLITE ->
                            "SELECT count(*) > 0 FROM sqlite_master WHERE lower(name) ="
                                    + " lower(?)";
                    case DUCKDB, OTHER ->
                            "SELECT count(*) > 0 FROM information_schema.tables WHERE"
                                    + " lower(table_name) = lower(?) AND table_schema = coalesce(?,"
                                    + " current_schema())";
                };
        boolean quoted = dialect == Dialect.POSTGRESQL;
        List<String> parts = table.parts();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, quoted ? table.sql(QUOTE) : table.last());
            if (dialect == Dialect.DUCKDB)
                statement.setString(2, parts.size() < 2 ? null : parts.get(parts.size() - 2));
            try (ResultSet results = statement.executeQuery()) {
                return results.next() && results.getBoolean(1);
            }
        }
    }

    /// Makes the staging tables; those of another run go.
    public void prepare() {
        transaction(connection -> {
            if (exists(connection, dialect, stagingName)) {
                if (isOfRun(connection)) return true;
                execute(connection, "DROP TABLE " + staging);
            }
            execute(connection, "DROP TABLE IF EXISTS " + units);
            create(connection, staging, List.of());
            execute(
                    connection,
                    "CREATE TABLE %s (run %s NOT NULL, unit INTEGER NOT NULL, row_count BIGINT NOT"
                                    .formatted(
                                            units, dialect == Dialect.SQLITE ? "TEXT" : "VARCHAR")
                            + " NULL, PRIMARY KEY (run, unit))");
            return true;
        });
    }

    private boolean isOfRun(Connection connection) throws SQLException {
        String sql = "SELECT count(*) = 0 FROM %s WHERE run <> ?".formatted(units);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, run);
            try (ResultSet results = statement.executeQuery()) {
                return results.next() && results.getBoolean(1);
            }
        }
    }

    private void create(Connection connection, String table, List<String> primaryKey)
            throws SQLException {
        var columns = new StringJoiner(", ");
        for (Field field : schema.fields())
            columns.add(quoted(field.name()) + " " + TableTypes.of(field, dialect));
        if (!primaryKey.isEmpty()) columns.add("PRIMARY KEY (%s)".formatted(names(primaryKey)));
        execute(connection, "CREATE TABLE %s (%s)".formatted(table, columns));
    }

    private static String quoted(String column) {
        return TableQuery.quoted(column, QUOTE);
    }

    private static String names(List<String> columns) {
        return String.join(", ", columns.stream().map(TablePublication::quoted).toList());
    }

    /// Puts the rows into their place, once.
    ///
    /// @param committed how many rows the units said that they have
    /// @throws QuiverException when the database has another number of them
    public void publish(long committed) {
        transaction(connection -> {
            if (isPublished(connection)) return true;
            long rows = rows(connection);
            if (rows != committed) throw lost(rows, committed);
            move(connection);
            execute(
                    connection,
                    "INSERT INTO %s (run, unit, row_count) VALUES ('%s', %d, 0)"
                            .formatted(units, run.replace("'", "''"), PUBLISHED));
            return true;
        });
    }

    private QuiverException lost(long rows, long committed) {
        return new QuiverException(
                ErrorCode.DATABASE_FAILED,
                "%d rows for %s were committed, and the database has %d of them"
                        .formatted(committed, name, rows),
                List.of("database: " + database, "table: " + stagingName),
                "see whether it was restored, or runs with fsync off; write again, or give the"
                        + " pipeline's run up with giveUp() or 'quiver give-up NAME' and run it"
                        + " again");
    }

    private long rows(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet results =
                        statement.executeQuery(
                                "SELECT coalesce(sum(row_count), 0) FROM " + units)) {
            results.next();
            return results.getLong(1);
        }
    }

    private boolean isPublished(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet results =
                        statement.executeQuery(
                                "SELECT 1 FROM %s WHERE unit = %d".formatted(units, PUBLISHED))) {
            return results.next();
        }
    }

    private void move(Connection connection) throws SQLException {
        boolean there = exists(connection, dialect, name);
        switch (mode) {
            case CREATE -> {
                if (there) throw inTheWay();
                rename(connection);
            }
            case OVERWRITE -> {
                if (there) execute(connection, "DROP TABLE " + name.sql(QUOTE));
                rename(connection);
            }
            case APPEND -> {
                if (there) insert(connection, "");
                else rename(connection);
            }
            case UPSERT -> {
                checkKeys(connection);
                if (!there) create(connection, name.sql(QUOTE), keys);
                insert(connection, onConflict());
            }
        }
    }

    private void rename(Connection connection) throws SQLException {
        execute(connection, "ALTER TABLE %s RENAME TO %s".formatted(staging, quoted(name.last())));
    }

    private void insert(Connection connection, String onConflict) throws SQLException {
        List<String> values = TargetColumns.of(connection, dialect, name, schema);
        // SQLite takes ON for a join's without a WHERE before it.
        execute(
                connection,
                "INSERT INTO %s (%s) SELECT %s FROM %s WHERE true%s"
                        .formatted(
                                name.sql(QUOTE),
                                names(schema.names()),
                                String.join(", ", values),
                                staging,
                                onConflict));
        execute(connection, "DROP TABLE " + staging);
    }

    private String onConflict() {
        var changes = new ArrayList<String>();
        for (String column : schema.names())
            if (!keys.contains(column))
                changes.add("%s = excluded.%s".formatted(quoted(column), quoted(column)));
        String change = changes.isEmpty() ? "NOTHING" : "UPDATE SET " + String.join(", ", changes);
        return " ON CONFLICT (%s) DO %s".formatted(names(keys), change);
    }

    /// Rows of equal keys would replace each other in no order that anybody knows.
    private void checkKeys(Connection connection) throws SQLException {
        String list = names(keys);
        String twice =
                "SELECT %s FROM %s GROUP BY %s HAVING count(*) > 1 LIMIT 1"
                        .formatted(list, staging, list);
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(twice)) {
            if (!results.next()) return;
            var values = new StringJoiner(", ");
            for (int i = 0; i < keys.size(); i++)
                values.add("%s = %s".formatted(keys.get(i), results.getString(i + 1)));
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "several rows for %s have the key %s".formatted(name, values),
                    List.of("upsert(…) by: " + String.join(", ", keys)),
                    "leave one row for each key, for example by groupBy(…)");
        }
    }

    /// Removes the staging tables.
    public void clear() {
        transaction(connection -> {
            execute(connection, "DROP TABLE IF EXISTS " + staging);
            execute(connection, "DROP TABLE IF EXISTS " + units);
            return true;
        });
    }
}
