package dev.quiver.cluster.fault;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.Table;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Queries on a cluster answer as they do in one process.
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class QueryTest {
    @TempDir private static Path directory;

    private TestCluster cluster;
    private Session q;
    private Session local;
    private Path orders;
    private Path customers;

    @BeforeAll
    void start() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("orders"));
        for (int file = 0; file < 6; file++) {
            var lines = new ArrayList<String>(List.of("id,customer,amount,kind"));
            for (int i = 0; i < 5_000; i++) {
                int id = file * 5_000 + i;
                lines.add(
                        "%d,%d,%d.%02d,%s"
                                .formatted(id, id * 7 % 997, id % 500, id % 100, "k" + id % 13));
            }
            Files.write(folder.resolve("part-" + file + ".csv"), lines);
        }
        orders = folder;
        var lines = new ArrayList<String>(List.of("customer,city"));
        for (int i = 0; i < 900; i++) lines.add(i + ",city" + i % 40);
        customers = directory.resolve("customers.csv");
        Files.write(customers, lines);
        cluster = TestCluster.start(Files.createDirectories(directory.resolve("logs")), 2);
        q = cluster.connect();
        local = Quiver.local(Options.defaults().quiet());
    }

    @AfterAll
    void stop() {
        q.close();
        local.close();
        cluster.close();
    }

    private void assertSame(Function<Session, DataFrame> query) {
        try (Table expected = query.apply(local).collect();
                Table actual = query.apply(q).collect()) {
            assertThat(actual.rowCount()).isEqualTo(expected.rowCount()).isPositive();
            assertThat(rows(actual)).isEqualTo(rows(expected));
        }
    }

    private static List<String> rows(Table table) {
        var rows = new ArrayList<String>();
        table.rows().forEach(row -> rows.add(row.toString()));
        return rows;
    }

    private DataFrame orders(Session session) {
        return session.read().csv(orders + "/*.csv");
    }

    @Test
    void rows_are_filtered_and_come_in_order() {
        assertSame(s -> orders(s).filter(col("amount").gt(490)));
    }

    @Test
    void groups_are_the_same() {
        assertSame(s ->
                orders(s)
                        .groupBy("customer", "kind")
                        .agg(count().as("n"), col("amount").sum().as("sum"))
                        .sort("customer", "kind"));
    }

    @Test
    void joins_are_the_same() {
        assertSame(s ->
                orders(s)
                        .join(s.read().csv(customers.toString()), How.LEFT, "customer")
                        .groupBy("city")
                        .agg(col("amount").mean().as("mean"))
                        .sort("city"));
    }

    @Test
    void sorted_rows_are_the_same() {
        assertSame(s -> orders(s).sort(col("amount").desc(), col("id").asc()));
    }

    record Order(long id, double amount) {}

    record Price(long id, String text) {}

    @Test
    void functions_of_the_users_run_on_workers() {
        double least = 499;
        assertSame(s ->
                orders(s)
                        .as(Order.class)
                        .filter(order -> order.amount() > least)
                        .map(Price.class, o -> new Price(o.id(), o.amount() + " EUR"))
                        .df()
                        .sort("id"));
    }

    @Test
    void the_first_rows_are_enough() {
        assertSame(s -> orders(s).filter(col("amount").lt(3)).limit(10));
    }

    @Test
    void rows_stream_one_partition_after_the_other() {
        List<String> expected = new ArrayList<>();
        List<String> actual = new ArrayList<>();
        try (var rows = orders(local).filter(col("id").lt(100)).rows()) {
            rows.forEach(row -> expected.add(row.toString()));
        }
        try (var rows = orders(q).filter(col("id").lt(100)).rows()) {
            rows.forEach(row -> actual.add(row.toString()));
        }
        assertThat(actual).isEqualTo(expected).hasSize(100);
    }

    @Test
    void files_are_written_by_workers() throws IOException {
        Path here = directory.resolve("local.csv");
        Path there = directory.resolve("cluster.csv");

        orders(local).filter(col("kind").eq("k5")).write().csv(here.toString());
        orders(q).filter(col("kind").eq("k5")).write().csv(there.toString());

        assertThat(Files.readString(there)).isEqualTo(Files.readString(here)).isNotEmpty();
        try (var left = Files.list(directory)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith(".cluster"));
        }
    }

    @Test
    void a_persisted_frame_stays_on_the_workers() {
        DataFrame kept = orders(q).filter(col("kind").eq("k3")).persist();
        try (Table once = kept.agg(count().as("n")).collect();
                Table again = kept.groupBy("kind").agg(count().as("n")).collect()) {
            assertThat(once.row(0).getLong("n")).isEqualTo(again.row(0).getLong("n")).isPositive();
        }
        kept.release();
    }

    @Test
    void a_large_partition_that_is_kept_is_read_in_parts_and_in_order() throws IOException {
        Path numbers = directory.resolve("numbers.csv");
        String lines =
                IntStream.range(0, 1_200_000).mapToObj(Integer::toString).collect(joining("\n"));
        Files.writeString(numbers, "n\n" + lines + "\n");

        DataFrame kept = q.read().csv(numbers.toString()).persist();

        DataFrame even = kept.filter(col("n").mod(2).eq(0));
        assertThat(even.explain()).contains("kept, each in 2 parts");
        try (Table table = even.collect()) {
            assertThat(table.longs("n"))
                    .isEqualTo(LongStream.range(0, 600_000).map(n -> 2 * n).toArray());
        }
        kept.release();
    }

    @Test
    void a_file_that_breaks_in_the_middle_is_an_error_as_in_one_process() throws IOException {
        Path broken = directory.resolve("broken.csv");
        Files.writeString(broken, "a,b\n1,2\n3\n");
        assertThatThrownBy(() -> q.read().csv(broken.toString()).collect())
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("broken.csv")
                .hasMessageContaining("step: ")
                .hasMessageContaining(", at QueryTest.java:");
    }

    @Test
    void what_is_kept_is_spread_over_a_worker_that_joins_later() throws Exception {
        List<DataFrame> kept =
                IntStream.range(0, 6)
                        .mapToObj(file ->
                                q.read().csv(orders + "/part-%d.csv".formatted(file)).persist())
                        .toList();
        List<Long> before = kept.stream().map(DataFrame::count).toList();
        Process later = cluster.begin();
        cluster.awaitWorkers(3);

        cluster.rebalance();

        while (cluster.memoryBytes(2) == 0) Thread.sleep(50);
        assertThat(before).containsOnly(5_000L);
        assertThat(kept.stream().map(DataFrame::count)).isEqualTo(before);
        cluster.retire(2);
        assertThat(later.waitFor()).as(cluster::logs).isZero();
        assertThat(kept.stream().map(DataFrame::count)).isEqualTo(before);
        kept.forEach(DataFrame::release);
        cluster.awaitWorkers(2);
    }
}
