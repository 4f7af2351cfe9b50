package dev.quiver.pipeline;

import dev.quiver.io.jdbc.Connections;
import dev.quiver.operator.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A server that can be killed and started again where it was.
final class TestPostgres implements AutoCloseable {
    private static final Duration END = Duration.ofSeconds(20);

    private final Path data;
    private EmbeddedPostgres server;

    TestPostgres(Path data) throws IOException {
        this.data = data;
        this.server = started(0);
    }

    private EmbeddedPostgres started(int port) throws IOException {
        EmbeddedPostgres.Builder builder =
                EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false);
        return port == 0 ? builder.start() : builder.setPort(port).start();
    }

    String url() {
        return server.getJdbcUrl("postgres", "postgres");
    }

    /// Ends all of its processes as a crash does: what wasn't committed is gone.
    void kill() throws IOException, InterruptedException {
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip();
        ProcessHandle process = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        // SIGQUIT: PostgreSQL's immediate shutdown, which a start recovers from as from a crash.
        new ProcessBuilder("kill", "-QUIT", pid).start().waitFor();
        long until = System.nanoTime() + END.toNanos();
        while (process.isAlive() && System.nanoTime() < until) Thread.sleep(20);
        if (process.isAlive()) throw new IllegalStateException("PostgreSQL lives on: " + pid);
    }

    /// Starts it again under the same URL.
    void restart() throws IOException {
        int port = server.getPort();
        server.close();
        server = started(port);
    }

    /// Waits for a DuckDB file that a run is just closing.
    private static Connection connect(String url) throws SQLException {
        Connection opened = Connections.open(new Database(url, "", ""));
        opened.setAutoCommit(true);
        return opened;
    }

    static List<String> ask(String url, String sql) throws SQLException {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            var rows = new ArrayList<String>();
            if (!statement.execute(sql)) return rows;
            ResultSet results = statement.getResultSet();
            while (results.next()) rows.add(results.getString(1));
            return rows;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
