package dev.quiver.cluster.fault;

import static dev.quiver.dataframe.Functions.asc;
import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.QFuture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Frames of one client that others find on a cluster, whatever becomes of the client, a worker and
/// the scheduler.
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CatalogTest {
    private static final int ROWS = 50_000;

    @TempDir private static Path directory;

    private Path file;

    @BeforeAll
    void write() throws IOException {
        file = directory.resolve("sales.csv");
        String rows =
                IntStream.range(0, ROWS)
                        .mapToObj(i -> "region %d,%d%n".formatted(i % 10, i))
                        .collect(Collectors.joining());
        Files.writeString(file, "region,amount\n" + rows);
    }

    private DataFrame sales(Session q) {
        return q.read().csv(file.toString());
    }

    private static long sum(DataFrame sales) {
        try (var table = sales.agg(col("amount").sum().as("sum")).collect()) {
            return table.row(0).getLong("sum");
        }
    }

    @Scenario
    void other_clients_read_it_when_its_own_has_gone_and_a_worker_too() throws Exception {
        Path logs = Files.createDirectories(directory.resolve("clients"));
        try (TestCluster cluster = TestCluster.start(logs, 2);
                Session reader = cluster.connect()) {
            try (Session publisher = cluster.connect()) {
                sales(publisher).publish("sales");
                assertThatThrownBy(() -> sales(publisher).publish("sales"))
                        .hasMessageContaining("something published as 'sales' already");
            }
            assertThat(reader.catalog().names()).containsExactly("sales");
            DataFrame sales = reader.catalog().frame("sales");
            assertThat(sales.schema().names()).containsExactly("region", "amount");
            assertThat(sum(sales)).isEqualTo((ROWS - 1L) * ROWS / 2);

            cluster.worker(0).destroyForcibly().waitFor();

            assertThat(sales.groupBy("region").count().sort(asc("region")).count()).isEqualTo(10);
            assertThat(sum(sales)).isEqualTo((ROWS - 1L) * ROWS / 2);
            reader.catalog().unpublish("sales");
            assertThat(reader.catalog().names()).isEmpty();
            awaitMemory(reader, 100_000);
            assertThatThrownBy(() -> sum(sales))
                    .hasMessageContainingAll("isn't there", "its name was taken away");
            assertThat(sum(sales(reader))).isEqualTo((ROWS - 1L) * ROWS / 2);
        }
    }

    private static void awaitMemory(Session s, long most) throws InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (s.usage().memoryBytes() > most) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    @Scenario
    void it_is_there_when_the_scheduler_comes_back() throws Exception {
        Path logs = Files.createDirectories(directory.resolve("scheduler"));
        try (var cluster = new ProcessCluster(logs, 1)) {
            try (Session publisher = cluster.connect()) {
                sales(publisher).publish("sales");
                publisher.publish("rates", new Rates(Map.of("CHF", 0.95)));
            }

            cluster.restartScheduler();
            cluster.awaitWorkers(1);

            try (Session reader = cluster.connect()) {
                assertThat(sum(reader.catalog().frame("sales"))).isEqualTo((ROWS - 1L) * ROWS / 2);
                QFuture<Rates> rates = reader.catalog().value("rates");
                assertThat(rates.result().perEuro()).containsEntry("CHF", 0.95);
            }
        }
    }

    record Rates(Map<String, Double> perEuro) {}

    @Test
    void a_value_is_read_by_tasks_of_others_and_sent_again_while_its_session_is_there()
            throws Exception {
        Path logs = Files.createDirectories(directory.resolve("values"));
        try (TestCluster cluster = TestCluster.start(logs, 2);
                Session publisher = cluster.connect();
                Session reader = cluster.connect()) {
            publisher.publish("rates", new Rates(Map.of("CHF", 0.95)));
            assertThatThrownBy(() -> reader.publish("rates", 1))
                    .hasMessageContaining("something published as 'rates' already");

            QFuture<Rates> rates = reader.catalog().value("rates");
            List<QFuture<Double>> prices =
                    reader.map((n, r) -> n * r.perEuro().get("CHF"), List.of(100, 200), rates);

            assertThat(reader.gather(prices)).containsExactly(95.0, 190.0);
            assertThat(
                            reader.submit(() ->
                                            Quiver.current()
                                                    .catalog()
                                                    .<Rates>value("rates")
                                                    .result())
                                    .result())
                    .isEqualTo(rates.result());
            cluster.worker(0).destroyForcibly().waitFor();
            cluster.awaitWorkers(1);
            assertThat(rates.then(r -> r.perEuro().size()).result()).isEqualTo(1);
            reader.catalog().unpublish("rates");
            assertThat(publisher.catalog().names()).isEmpty();
        }
    }
}
