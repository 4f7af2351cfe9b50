package dev.quiver.client;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Row;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteFilesTest {
    private static final int ROWS = 400_000;
    private static final int ALL_BYTES = Integer.MAX_VALUE;

    @TempDir Path directory;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong bytesSent = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final HttpServer server;
    private volatile boolean flaky;

    RemoteFilesTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
    }

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private String url(String name) {
        return "http://localhost:%d/%s".formatted(server.getAddress().getPort(), name);
    }

    /// A flaky server breaks off two of three answers.
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            long request = requests.incrementAndGet();
            Path file = directory.resolve(exchange.getRequestURI().getPath().substring(1));
            if (!Files.exists(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            if (flaky && request % 3 == 0) exchange.sendResponseHeaders(503, -1);
            else send(exchange, file, flaky && request % 3 == 1 ? 300_000 : ALL_BYTES);
        }
    }

    private void send(HttpExchange exchange, Path file, int bytesMax) throws IOException {
        byte[] content = Files.readAllBytes(file);
        String[] range = exchange.getRequestHeaders().getFirst("Range").substring(6).split("-", -1);
        int from = Integer.parseInt(range[0]);
        int to = Math.min(content.length, Integer.parseInt(range[1]) + 1);
        exchange.getResponseHeaders().set("ETag", "\"%d\"".formatted(content.length));
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes %d-%d/%d".formatted(from, to - 1, content.length));
        exchange.sendResponseHeaders(206, to - from);
        int count = Math.min(to - from, bytesMax);
        exchange.getResponseBody().write(content, from, count);
        exchange.getResponseBody().flush();
        bytesSent.addAndGet(count);
    }

    @Test
    void a_workbook_is_read_from_a_flaky_server() throws IOException {
        Path shop = Path.of("../examples/shop.xlsx");
        Files.copy(
                Files.exists(shop) ? shop : Path.of("examples/shop.xlsx"),
                directory.resolve("shop.xlsx"));
        flaky = true;
        try (Session q = Quiver.local(Options.defaults().quiet())) {
            DataFrame orders = q.read().excel(url("shop.xlsx"));

            assertThat(orders.filter(col("total").gt(1)).count()).isEqualTo(2);
        }
    }

    private Path writeCsv(String name) throws IOException {
        var text = new StringBuilder("id,group,value\n");
        var random = new Random(7);
        for (int i = 0; i < ROWS; i++)
            text.append(i)
                    .append(",g")
                    .append(i % 10)
                    .append(',')
                    .append(random.nextInt(1000))
                    .append('\n');
        return Files.writeString(directory.resolve(name), text);
    }

    private static String sums(DataFrame rows) {
        var text = new StringBuilder();
        DataFrame sums = rows.groupBy("group").agg(col("value").sum().as("total")).sort("group");
        for (Row row : sums.collect().rows()) text.append(row).append('\n');
        return text.toString();
    }

    @Test
    void a_csv_file_of_a_web_server_is_read_as_a_local_one_though_the_server_is_flaky()
            throws IOException {
        Path file = writeCsv("rows.csv");
        flaky = true;
        try (Session q = Quiver.local(Options.defaults().quiet())) {
            DataFrame remote = q.read().chunkBytes("1MB").csv(url("rows.csv"));

            assertThat(sums(remote)).isEqualTo(sums(q.read().csv(file)));
            assertThat(remote.count()).isEqualTo(ROWS);
        }
        assertThat(bytesSent.get()).isLessThan(Files.size(file) * 3 / 2);
    }

    @Test
    void of_a_parquet_file_only_the_columns_asked_for_are_fetched() throws IOException {
        try (Session q = Quiver.local(Options.defaults().quiet())) {
            Path file = directory.resolve("rows.parquet");
            q.read().csv(writeCsv("rows.csv")).write().parquet(file.toString());
            DataFrame remote = q.read().parquet(url("rows.parquet"));

            assertThat(sums(remote)).isEqualTo(sums(q.read().parquet(file)));
            assertThat(bytesSent.get()).isLessThan(Files.size(file) * 7 / 10);
        }
    }

    @Test
    void a_file_that_is_not_there_is_named_by_its_address() {
        try (Session q = Quiver.local(Options.defaults().quiet())) {
            assertThatThrownBy(() -> q.read().csv(url("none.csv")))
                    .isInstanceOfSatisfying(
                            QuiverException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_NOT_FOUND))
                    .hasMessageContaining(url("none.csv"));
        }
    }

    @Test
    void a_scheme_without_its_module_says_which_artifact_to_add() {
        try (Session q = Quiver.local(Options.defaults().quiet())) {
            assertThatThrownBy(() -> q.read().csv("s3://bucket/key.csv"))
                    .isInstanceOf(QuiverException.class)
                    .hasMessageContaining("dev.quiver:quiver-s3");
        }
    }

    @Test
    void a_file_that_changes_is_seen_by_the_next_frame() throws IOException {
        try (Session q = Quiver.local(Options.defaults().quiet())) {
            Files.writeString(directory.resolve("small.csv"), "a\n1\n");
            DataFrame before = q.read().csv(url("small.csv"));
            assertThat(before.count()).isEqualTo(1);
            Files.writeString(directory.resolve("small.csv"), "a\n1\n2\n");

            assertThat(q.read().csv(url("small.csv")).count()).isEqualTo(2);
            assertThatThrownBy(before::count)
                    .isInstanceOfSatisfying(
                            QuiverException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
        }
    }
}
