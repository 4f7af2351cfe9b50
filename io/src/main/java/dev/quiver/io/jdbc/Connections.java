package dev.quiver.io.jdbc;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.operator.Database;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;

/// Opens connections by the drivers on the class path.
public final class Connections {
    private static final int TRIES = 4;
    private static final long PAUSE_FIRST_MILLIS = 100;
    private static final long CLOSED_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long PAUSE_CLOSING_MILLIS = 20;
    private static final String SQLITE_WAIT_MILLIS = "60000";

    private Connections() {}

    /// Opens a connection that commits when it is told to. Tries again for a while when the
    /// database can't be reached, and waits for a file that is just being closed.
    ///
    /// @throws QuiverException when there is no driver, the database can't be reached or refuses
    public static Connection open(Database database) {
        Driver driver = driver(database);
        long started = System.nanoTime();
        long pause = PAUSE_FIRST_MILLIS;
        int tries = 0;
        while (true) {
            try {
                return connect(driver, database);
            } catch (SQLException e) {
                if (SqlFailure.isBeingClosed(e)
                        && System.nanoTime() - started < CLOSED_WITHIN_NANOS) {
                    sleep(database, PAUSE_CLOSING_MILLIS);
                    continue;
                }
                boolean again = SqlFailure.isGone(e) && ++tries < TRIES;
                if (!again) throw SqlFailure.of(database, "connecting to the database", e);
            }
            sleep(database, pause);
            pause *= 3;
        }
    }

    private static Connection connect(Driver driver, Database database) throws SQLException {
        Connection opened = driver.connect(database.url(), properties(database));
        if (opened == null) throw noDriver(database);
        opened.setAutoCommit(false);
        return opened;
    }

    /// Has what the transaction commits survive a crash of the server, where its settings leave
    /// that to chance: what is noted elsewhere as done must stay done.
    static void makeDurable(Connection connection, Dialect dialect) throws SQLException {
        // DuckDB and SQLite commit so anyway.
        if (dialect != Dialect.POSTGRESQL) return;
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "SELECT set_config('synchronous_commit', 'on', true) WHERE"
                            + " current_setting('synchronous_commit') = 'off'");
        }
    }

    private static void sleep(Database database, long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable(
                    "connecting to the database was interrupted",
                    List.of("database: " + database),
                    "run it again",
                    e);
        }
    }

    private static Driver driver(Database database) {
        if (database.kind().isEmpty())
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "'%s' is no JDBC URL".formatted(database),
                    List.of(),
                    "write it as its driver takes it, such as jdbc:postgresql://localhost/travel");
        try {
            return DriverManager.getDriver(database.url());
        } catch (SQLException _) {
            // In notebooks the drivers are on a class path that DriverManager doesn't see.
            return fromContext(database).orElseThrow(() -> noDriver(database));
        }
    }

    private static Optional<Driver> fromContext(Database database) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        if (loader == null) return Optional.empty();
        try {
            for (Driver driver : ServiceLoader.load(Driver.class, loader))
                if (driver.acceptsURL(database.url())) return Optional.of(driver);
        } catch (SQLException e) {
            throw SqlFailure.of(database, "asking for a driver", e);
        }
        return Optional.empty();
    }

    private static QuiverException noDriver(Database database) {
        return new QuiverException(
                ErrorCode.UNSUPPORTED,
                "no JDBC driver for '%s'".formatted(database),
                List.of(),
                "add %s to the class path".formatted(Dialect.of(database).artifact()));
    }

    private static Properties properties(Database database) {
        var properties = new Properties();
        if (!database.user().isEmpty()) properties.setProperty("user", database.user());
        if (!database.password().isEmpty()) properties.setProperty("password", database.password());
        switch (Dialect.of(database)) {
            case POSTGRESQL -> {
                properties.setProperty("ApplicationName", "quiver");
                properties.setProperty("tcpKeepAlive", "true");
            }
            case DUCKDB -> properties.setProperty("jdbc_stream_results", "true");
            case SQLITE -> properties.setProperty("busy_timeout", SQLITE_WAIT_MILLIS);
            case OTHER -> {}
        }
        return properties;
    }
}
