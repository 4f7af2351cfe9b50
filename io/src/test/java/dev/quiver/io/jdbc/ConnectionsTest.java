package dev.quiver.io.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.operator.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionsTest {
    /// Longer than the tries for a database that can't be reached.
    private static final long CLOSED_AFTER_MILLIS = 3_000;

    @Test
    void a_duckdb_file_that_is_being_closed_for_long_is_awaited(@TempDir Path directory)
            throws Exception {
        Path file = directory.resolve("travel.duckdb");
        try (Connection first = DriverManager.getConnection("jdbc:duckdb:" + file);
                Statement made = first.createStatement()) {
            made.execute("CREATE TABLE trips AS SELECT range AS id FROM range(7)");
        }
        Connection holder = DriverManager.getConnection("jdbc:duckdb:");
        try (Statement attached = holder.createStatement()) {
            attached.execute("ATTACH '%s' AS held".formatted(file));
        }

        var closed =
                CompletableFuture.runAsync(
                        () -> close(holder),
                        CompletableFuture.delayedExecutor(
                                CLOSED_AFTER_MILLIS, TimeUnit.MILLISECONDS));
        try (Connection opened = Connections.open(new Database("jdbc:duckdb:" + file, "", ""));
                Statement asked = opened.createStatement();
                ResultSet rows = asked.executeQuery("SELECT count(*) FROM trips")) {
            rows.next();

            assertThat(closed).isDone();
            assertThat(rows.getLong(1)).isEqualTo(7);
        }
    }

    private static void close(Connection holder) {
        try {
            holder.close();
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
