package dev.quiver.client;

import static dev.quiver.dataframe.Functions.asc;
import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.desc;
import static dev.quiver.dataframe.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.On;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Rows;
import dev.quiver.dataframe.Table;
import dev.quiver.error.Cancelled;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import dev.quiver.error.TypeMismatch;
import dev.quiver.error.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FramesTest {
    record Trade(String sym, long qty, @Nullable Double price) {}

    record Notional(String sym, double value) {}

    private final Session q = Quiver.local(Options.defaults().slots(2).memory("1GB").quiet());

    @TempDir Path directory;

    @AfterEach
    void close() {
        q.close();
    }

    private DataFrame trades() {
        return q.of(
                Trade.class,
                List.of(
                        new Trade("A", 10, 1.5),
                        new Trade("B", 20, null),
                        new Trade("A", 30, 2.5)));
    }

    private DataFrame numbers(int count) {
        return q.of(
                Trade.class,
                IntStream.range(0, count)
                        .mapToObj(i -> new Trade("s" + i % 7, i, i * 0.5))
                        .toList());
    }

    private long held() {
        return ((OpenSession) q).store().pool().usedBytes();
    }

    @Test
    void records_go_in_and_come_out() {
        assertThat(trades().toList(Trade.class))
                .containsExactly(
                        new Trade("A", 10, 1.5), new Trade("B", 20, null), new Trade("A", 30, 2.5));
        assertThat(q.of(Trade.class, List.of()).count()).isZero();
        assertThat(numbers(50_000).toList(Trade.class)).hasSize(50_000);
    }

    @Test
    void a_table_gives_columns_rows_and_records() {
        try (Table table = trades().filter(col("price").isNotNull()).collect()) {
            assertThat(table.rowCount()).isEqualTo(2);
            assertThat(table.longs("qty")).containsExactly(10, 30);
            assertThat(table.doubles("price")).containsExactly(1.5, 2.5);
            assertThat(table.strings("sym")).containsExactly("A", "A");
            assertThat(table.row(1).getLong("qty")).isEqualTo(30);
            assertThat(table.row(1).as(Trade.class)).isEqualTo(new Trade("A", 30, 2.5));
            assertThat(table.as(Trade.class)).hasSize(2);
            assertThat(table.df().filter(col("qty").gt(10)).count()).isEqualTo(1);
            assertThat(table.toString()).contains("sym", "utf8", "1.5");
            assertThatThrownBy(() -> table.row(2)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void nulls_and_wrong_types_are_named_by_row_and_column() {
        try (Table table = trades().collect()) {
            Row second = table.row(1);
            assertThat(second.isNull("price")).isTrue();
            assertThat(second.getDouble("price", -1)).isEqualTo(-1);
            assertThat(second.find("price", Double.class)).isEmpty();
            assertThatThrownBy(() -> second.getDouble("price"))
                    .hasMessageContaining("column 'price' is null in row 1")
                    .hasMessageContaining("FramesTest.java:");
            assertThatThrownBy(() -> second.getLong("sym")).isInstanceOf(TypeMismatch.class);
            assertThatThrownBy(() -> second.getString("sim")).hasMessageContaining("'sym'");
            assertThatThrownBy(() -> table.doubles("price")).hasMessageContaining("row 1");
        }
    }

    @Test
    void a_closed_table_says_so_and_its_memory_is_back() {
        DataFrame trades = trades();
        long before = held();
        Table table = trades.filter(col("qty").gt(15)).collect();
        Row row = table.row(0);
        DataFrame frame = table.df();
        table.close();
        assertThatThrownBy(() -> row.getString("sym"))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("the table is closed");
        assertThatThrownBy(frame::count).isInstanceOf(Unavailable.class);
        // What the queries held between their stages goes a moment after their result is there.
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (held() != before && System.nanoTime() < deadline) Thread.onSpinWait();
        assertThat(held()).isEqualTo(before);
        Table open = trades().collect();
        q.close();
        assertThatThrownBy(() -> open.longs("qty")).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> trades().count()).isInstanceOf(Unavailable.class);
    }

    @Test
    void a_forgotten_table_is_freed_and_counted() throws InterruptedException {
        var tables = ((OpenSession) q).queries().tables();
        assertThat(trades().collect().rowCount()).isEqualTo(3);
        for (int i = 0; i < 100 && tables.forgotten() == 0; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(tables.forgotten()).isEqualTo(1);
        assertThat(tables.size()).isZero();
    }

    @Test
    void a_frame_is_grouped_joined_and_sorted() {
        var names = q.of(Notional.class, List.of(new Notional("A", 7)));
        var grouped =
                trades().groupBy("sym")
                        .agg(count().as("n"), sum("qty"))
                        .sort(desc("n"))
                        .join(names, How.LEFT, On.keys("sym"))
                        .sort(asc("sym"));
        try (Table table = grouped.collect()) {
            assertThat(table.strings("sym")).containsExactly("A", "B");
            assertThat(table.longs("qty_sum")).containsExactly(40, 20);
            assertThat(table.row(1).isNull("value")).isTrue();
        }
    }

    @Test
    void rows_stream_in_order_and_can_be_left_early() {
        try (Rows rows = numbers(40_000).rows()) {
            long expected = 0;
            for (Row row : rows) assertThat(row.getLong("qty")).isEqualTo(expected++);
            assertThat(expected).isEqualTo(40_000);
        }
        try (Rows rows = numbers(40_000).filter(col("qty").gt(5)).rows()) {
            assertThat(rows.iterator().next().getLong("qty")).isEqualTo(6);
        }
        try (Stream<Row> stream = numbers(10).rows().stream()) {
            assertThat(stream.mapToLong(r -> r.getLong("qty")).sum()).isEqualTo(45);
        }
    }

    @Test
    void persisted_frames_are_read_again_until_they_are_released() {
        var kept = numbers(20_000).filter(col("qty").gt(9_999)).persist();
        assertThat(kept.count()).isEqualTo(10_000);
        assertThat(kept.memory().rows()).isEqualTo(10_000);
        assertThat(kept.memory().columns()).hasSize(3);
        kept.release();
        assertThatThrownBy(kept::count).isInstanceOf(Unavailable.class);
    }

    @Test
    void head_scalar_describe_explain_and_analyze_answer() {
        try (Table head = numbers(30_000).head(3)) {
            assertThat(head.longs("qty")).containsExactly(0, 1, 2);
        }
        assertThat(numbers(10).agg(sum("qty")).scalar(Long.class)).contains(45L);
        try (Table described = trades().describe().collect()) {
            assertThat(described.rowCount()).isGreaterThan(2);
        }
        assertThat(trades().filter(col("qty").gt(15)).explain()).contains("Filter[qty > 15]");
        var analysis = numbers(1_000).filter(col("qty").gt(499)).analyze();
        assertThat(analysis.rows()).isEqualTo(500);
        assertThat(analysis.toString()).contains("500");
    }

    @Test
    void functions_of_the_user_see_records_and_a_failure_names_the_row() {
        var notionals =
                numbers(100)
                        .as(Trade.class)
                        .filter(t -> t.qty() % 2 == 0)
                        .map(Notional.class, t -> new Notional(t.sym(), t.qty() * 2.0))
                        .toList();
        assertThat(notionals).hasSize(50).contains(new Notional("s4", 8));
        var failing =
                trades().as(Trade.class)
                        .filter(t -> {
                            if (t.qty() == 20) throw new IllegalStateException("no 20");
                            return true;
                        });
        var failure = catchThrowableOfType(TaskFailed.class, failing::toList);
        assertThat(failure)
                .hasMessageContaining("no 20")
                .hasMessageContaining("asked for at: ")
                .hasRootCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_csv_file_is_written_read_again_and_not_overwritten() throws IOException {
        Path file = directory.resolve("trades.csv");
        var written = trades().write().csv(file.toString());
        assertThat(written.rows()).isEqualTo(3);
        assertThat(written.files()).containsExactly(file);
        assertThat(Files.readString(file)).isEqualTo("sym,qty,price\nA,10,1.5\nB,20,\nA,30,2.5\n");
        assertThat(q.read().csv(file).count()).isEqualTo(3);
        var again =
                catchThrowableOfType(
                        QuiverException.class, () -> trades().write().csv(file.toString()));
        assertThat(again.code()).isEqualTo(ErrorCode.TARGET_EXISTS);
        trades().limit(1).write().overwrite().csv(file.toString());
        assertThat(Files.readString(file)).isEqualTo("sym,qty,price\nA,10,1.5\n");
        assertOnly("trades.csv");
    }

    private void assertOnly(String... names) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(p -> p.getFileName().toString())).containsExactlyInAnyOrder(names);
        }
    }

    @Test
    void a_directory_of_parts_is_written_replaced_and_added_to() throws IOException {
        String path = directory.resolve("parts") + "/";
        assertThat(numbers(40_000).write().csv(path).rows()).isEqualTo(40_000);
        assertThat(q.read().csv(path).count()).isEqualTo(40_000);
        trades().write().append().csv(path);
        assertThat(q.read().csv(path).count()).isEqualTo(40_003);
        trades().write().overwrite().csv(path);
        assertThat(q.read().csv(path).count()).isEqualTo(3);
        assertOnly("parts");
    }

    @Test
    void a_parquet_file_and_parquet_folders_are_written_and_read_again() {
        String file = directory.resolve("trades.parquet").toString();
        trades().write().parquet(file);
        assertThat(q.read().parquet(file).toList(Trade.class))
                .isEqualTo(trades().toList(Trade.class));
        String parts = directory.resolve("parts") + "/";
        assertThat(numbers(30_000).write().compression("zstd").parquet(parts).rows())
                .isEqualTo(30_000);
        assertThat(q.read().parquet(parts).filter(col("qty").ge(20_000)).count()).isEqualTo(10_000);
    }

    @Test
    void folders_are_named_by_the_values_of_their_rows() throws IOException {
        Path target = directory.resolve("by");
        var written = trades().write().partitionBy("sym").csv(target.toString());
        assertThat(written.rows()).isEqualTo(3);
        try (Stream<Path> files = Files.walk(target)) {
            assertThat(
                            files.filter(Files::isRegularFile)
                                    .map(f -> target.relativize(f).getParent()))
                    .containsExactlyInAnyOrder(Path.of("sym=A"), Path.of("sym=B"));
        }
    }

    @Test
    void a_write_that_fails_leaves_the_target_as_it_was() throws IOException {
        Path file = directory.resolve("kept.csv");
        Files.writeString(file, "old");
        var failing =
                numbers(50_000)
                        .as(Trade.class)
                        .filter(t -> {
                            if (t.qty() == 40_000) throw new IllegalStateException("stop");
                            return true;
                        })
                        .df();
        assertThatThrownBy(() -> failing.write().overwrite().csv(file.toString()))
                .isInstanceOf(TaskFailed.class);
        assertThat(Files.readString(file)).isEqualTo("old");
        assertOnly("kept.csv");
    }

    @Test
    void an_interrupt_cancels_the_query_of_its_thread() throws InterruptedException {
        var started = new CountDownLatch(1);
        var thrown = new AtomicReference<Throwable>();
        var flag = new AtomicReference<Boolean>();
        var slow =
                numbers(100)
                        .as(Trade.class)
                        .filter(t -> {
                            started.countDown();
                            Thread.sleep(5_000);
                            return true;
                        });
        var thread =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                slow.toList();
                            } catch (RuntimeException e) {
                                thrown.set(e);
                                flag.set(Thread.currentThread().isInterrupted());
                            }
                        });
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        long from = System.nanoTime();
        thread.interrupt();
        thread.join();
        while (((OpenSession) q).conversation().backend().worker().orElseThrow().running() > 0)
            Thread.onSpinWait();
        assertThat(System.nanoTime() - from).isLessThan(TimeUnit.SECONDS.toNanos(1));
        assertThat(thrown.get()).isInstanceOf(Cancelled.class);
        assertThat(flag.get()).isTrue();
    }

    @Test
    void queries_of_many_threads_run_beside_each_other() {
        var frame = numbers(20_000).persist();
        var futures = new ArrayList<Thread>();
        var sums = new java.util.concurrent.ConcurrentLinkedQueue<Long>();
        for (int i = 0; i < 8; i++) {
            long floor = i * 1_000L;
            futures.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int n = 0; n < 5; n++)
                                    sums.add(frame.filter(col("qty").ge(floor)).count() + floor);
                            }));
        }
        for (Thread thread : futures) join(thread);
        assertThat(sums).hasSize(40).containsOnly(20_000L);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void too_little_memory_is_refused_in_words() {
        try (var small = Quiver.local(Options.defaults().slots(1).memory("2MB").quiet())) {
            var rows = IntStream.range(0, 200_000).mapToObj(i -> new Trade("s", i, 1.0)).toList();
            assertThatThrownBy(() -> small.of(Trade.class, rows))
                    .hasMessageContaining("MEMORY_REFUSED");
            assertThat(small.submit(() -> 1).result()).isEqualTo(1);
        }
    }
}
