package dev.quiver.cluster.fault;

import static dev.quiver.dataframe.Functions.asc;
import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.Table;
import dev.quiver.error.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Rows of the client's process are on the workers when a query there reads them.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClientRowsTest {
    private static final long SEED = Long.getLong("seed", new Random().nextInt(10_000));

    @TempDir private static Path directory;

    private TestCluster cluster;
    private Session q;
    private Session local;

    record Sale(long id, String kind, @Nullable Double amount, LocalDate day, boolean paid) {}

    record Kind(String kind, int rank) {}

    private static final List<Sale> SALES = sales(150_000);
    private static final List<Kind> KINDS = kinds();

    private static List<Sale> sales(int rows) {
        var random = new Random(SEED);
        var sales = new ArrayList<Sale>();
        for (int i = 0; i < rows; i++)
            sales.add(
                    new Sale(
                            i,
                            "kind " + random.nextInt(50),
                            random.nextInt(10) == 0
                                    ? null
                                    : Double.valueOf(random.nextDouble() * 1000),
                            LocalDate.of(2020, 1, 1).plusDays(random.nextInt(1000)),
                            random.nextBoolean()));
        return sales;
    }

    private static List<Kind> kinds() {
        var kinds = new ArrayList<Kind>();
        for (int i = 0; i < 40; i++) kinds.add(new Kind("kind " + i, 40 - i));
        return kinds;
    }

    @BeforeAll
    void start() throws IOException {
        System.out.println("ClientRowsTest -Dseed=" + SEED);
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
            assertThat(rows(actual)).isEqualTo(rows(expected)).isNotEmpty();
        }
    }

    private static List<String> rows(Table table) {
        var rows = new ArrayList<String>();
        table.rows().forEach(row -> rows.add(row.toString()));
        return rows;
    }

    @Test
    void they_come_back_as_they_were() {
        assertSame(s -> s.of(Sale.class, SALES).filter(col("paid")));
    }

    @Test
    void groups_joins_and_sorts_are_those_of_one_process() {
        assertSame(s -> {
            DataFrame sales = s.of(Sale.class, SALES);
            return sales.join(s.of(Kind.class, KINDS), How.LEFT, "kind")
                    .groupBy("rank")
                    .agg(count().as("n"), col("amount").sum().as("sum"), col("day").max().as("d"))
                    .sort(asc("rank"));
        });
    }

    @Test
    void no_rows_are_no_rows() {
        assertThat(q.of(Sale.class, List.of()).count()).isZero();
    }

    @Test
    void a_table_is_a_frame() {
        try (Table sums =
                q.of(Sale.class, SALES)
                        .groupBy("kind")
                        .agg(col("amount").sum().as("sum"))
                        .sort("kind")
                        .collect()) {
            List<String> all = rows(sums);

            try (Table again = sums.df().sort("kind").collect();
                    Table some = sums.df().filter(col("kind").lt("kind 3")).collect()) {
                assertThat(rows(again)).isEqualTo(all);
                assertThat(some.rowCount()).isBetween(1L, 49L);
            }
        }
    }

    @Test
    void a_closed_table_can_t_be_read_any_more() {
        DataFrame frame;
        try (Table table = q.of(Kind.class, KINDS).collect()) {
            frame = table.df();
        }
        assertThatThrownBy(frame::count)
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("released or closed");
    }

    @Test
    void they_are_written_by_workers() throws IOException {
        Path here = directory.resolve("here.csv");
        Path there = directory.resolve("there.csv");

        local.of(Kind.class, KINDS).write().csv(here.toString());
        q.of(Kind.class, KINDS).write().csv(there.toString());

        assertThat(Files.readString(there)).isEqualTo(Files.readString(here)).isNotEmpty();
    }

    @Scenario
    void they_are_sent_again_when_a_worker_is_lost_that_had_them() throws Exception {
        Path logs = Files.createDirectories(directory.resolve("lost"));
        try (TestCluster other = TestCluster.start(logs, 2);
                Session s = other.connect()) {
            DataFrame sales = s.of(Sale.class, SALES);
            assertThat(sales.filter(col("id").lt(70_000)).count()).isEqualTo(70_000);

            other.worker(0).destroyForcibly().waitFor();

            assertThat(sales.filter(col("id").lt(140_000)).count()).isEqualTo(140_000);
        }
    }

    @Test
    void workers_give_their_memory_back_when_they_are_released() throws InterruptedException {
        try (Session s = cluster.connect()) {
            long before = s.usage().memoryBytes();
            try (Table table = s.of(Sale.class, SALES).collect()) {
                assertThat(table.df().count()).isEqualTo(SALES.size());
                awaitMemory(s, before + 1_000_000, Long.MAX_VALUE);
            }
        }
        try (Session s = cluster.connect()) {
            awaitMemory(s, 0, 100_000);
        }
    }

    @Test
    void workers_give_their_memory_back_when_nobody_can_reach_what_they_keep()
            throws InterruptedException {
        try (Session s = cluster.connect()) {
            DataFrame kept = s.of(Sale.class, SALES).persist();
            for (int i = 0; i < 5; i++) kept = kept.filter(col("id").ge(i)).persist();
            awaitMemory(s, 1_000_000, Long.MAX_VALUE);
            assertThat(kept.count()).isEqualTo(SALES.size() - 4);

            kept = s.of(Sale.class, List.of());

            awaitMemory(s, 0, 100_000);
            assertThat(kept.count()).isZero();
        }
    }

    @Scenario
    void what_was_made_of_rows_that_nobody_has_survives_a_lost_worker()
            throws IOException, InterruptedException {
        Path logs = Files.createDirectories(directory.resolve("unreachable"));
        try (TestCluster other = TestCluster.start(logs, 2);
                Session s = other.connect()) {
            DataFrame kept = s.of(Sale.class, SALES).filter(col("id").lt(140_000)).persist();
            DataFrame made = kept.filter(col("id").lt(130_000)).persist();
            kept = made;
            for (int i = 0; i < 5; i++) {
                System.gc();
                Thread.sleep(20);
            }

            other.worker(0).destroyForcibly().waitFor();

            assertThat(made.count()).isEqualTo(130_000);
            assertThat(kept.schema()).isEqualTo(made.schema());
        }
    }

    private static void awaitMemory(Session s, long least, long most) throws InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (s.usage().memoryBytes() < least || s.usage().memoryBytes() > most) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            System.gc();
            Thread.sleep(50);
        }
    }
}
