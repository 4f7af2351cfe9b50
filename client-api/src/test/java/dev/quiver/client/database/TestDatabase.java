package dev.quiver.client.database;

import dev.quiver.io.jdbc.Connections;
import dev.quiver.operator.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// A database of a test: its own each time.
record TestDatabase(Kind kind, String url) {
    enum Kind {
        POSTGRESQL,
        DUCKDB,
        SQLITE
    }

    /// One server for all tests of the JVM; it ends with it.
    private static final class Server {
        /// All but the owner say a password.
        static final String HOSTS =
                """
                local all all trust
                host all postgres all trust
                host all all all scram-sha-256
                """;

        static final EmbeddedPostgres RUNNING = start();
        static int databases;

        private static EmbeddedPostgres start() {
            try {
                Path hosts = Files.createTempFile("quiver-hosts", ".conf");
                hosts.toFile().deleteOnExit();
                Files.writeString(hosts, HOSTS);
                return EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .setServerConfig("hba_file", hosts.toString())
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static TestDatabase open(Kind kind, Path directory) throws SQLException {
        return switch (kind) {
            case POSTGRESQL -> postgres();
            case DUCKDB ->
                    new TestDatabase(kind, "jdbc:duckdb:" + directory.resolve("test.duckdb"));
            case SQLITE ->
                    new TestDatabase(kind, "jdbc:sqlite:" + directory.resolve("test.sqlite"));
        };
    }

    private static synchronized TestDatabase postgres() throws SQLException {
        String name = "test" + Server.databases++;
        var admin = new TestDatabase(Kind.POSTGRESQL, url("postgres"));
        admin.run("CREATE DATABASE " + name);
        return new TestDatabase(Kind.POSTGRESQL, url(name));
    }

    private static String url(String name) {
        return Server.RUNNING.getJdbcUrl("postgres", name);
    }

    /// Waits for a DuckDB file that a run is just closing.
    private Connection connect() throws SQLException {
        if (kind != Kind.DUCKDB) return DriverManager.getConnection(url);
        Connection opened = Connections.open(new Database(url, "", ""));
        opened.setAutoCommit(true);
        return opened;
    }

    void run(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) statement.execute(sql);
        }
    }

    /// The rows of a query, their values as text.
    List<String> rows(String sql) throws SQLException {
        var rows = new ArrayList<String>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            int columns = results.getMetaData().getColumnCount();
            while (results.next()) {
                var values = new ArrayList<String>();
                for (int i = 1; i <= columns; i++) values.add(results.getString(i));
                rows.add(String.join("|", values));
            }
        }
        return rows;
    }

    /// The names of all tables.
    List<String> tables() throws SQLException {
        return rows(
                switch (kind) {
                    case POSTGRESQL ->
                            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY"
                                    + " 1";
                    case DUCKDB -> "SELECT table_name FROM duckdb_tables() ORDER BY 1";
                    case SQLITE -> "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1";
                });
    }
}
