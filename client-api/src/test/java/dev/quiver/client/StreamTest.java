package dev.quiver.client;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.On;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Rows;
import dev.quiver.dataframe.Table;
import dev.quiver.error.Cancelled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Long runs: streamed a bit at a time, and left in the middle.
@Timeout(120)
class StreamTest {
    record Name(long k, String name) {}

    private static final int ROWS = 400_000;

    @TempDir static Path directory;

    private static Session q;
    private static Path file;

    @BeforeAll
    static void write() throws IOException {
        q = Quiver.local(Options.defaults().slots(2).memory("1GB").quiet());
        file = directory.resolve("numbers.csv");
        var text = new StringBuilder("id,k,v\n");
        for (int i = 0; i < ROWS; i++)
            text.append(i)
                    .append(',')
                    .append(i % 1_000)
                    .append(',')
                    .append(i * 37 % 1009)
                    .append('\n');
        Files.writeString(file, text);
    }

    @AfterAll
    static void close() {
        q.close();
    }

    private static DataFrame numbers(String bytes) {
        return q.read().chunkBytes(bytes).csv(file);
    }

    private static long held() {
        return ((LocalSession) q).memory().pool().usedBytes();
    }

    @Test
    void rows_of_files_stream_in_order_with_little_memory() {
        var pool = ((LocalSession) q).memory().pool();
        long before = pool.usedBytes();
        pool.resetPeak();
        var names = q.of(Name.class, List.of(new Name(3, "three"), new Name(5, "five")));
        var joined = numbers("50KB").join(names, How.INNER, On.keys("k"));
        long expected = 3;
        try (Rows rows = joined.rows()) {
            for (Row row : rows) {
                assertThat(row.getLong("id")).isEqualTo(expected);
                expected += expected % 1_000 == 3 ? 2 : 998;
            }
        }
        assertThat(expected).isEqualTo(ROWS + 3);
        long sum = 0;
        try (Rows rows = numbers("50KB").rows()) {
            for (Row row : rows) sum += row.getLong("id");
        }
        assertThat(sum).isEqualTo((long) ROWS * (ROWS - 1) / 2);
        assertThat(pool.peakBytes() - before).isLessThan(8 << 20);
    }

    @Test
    void queries_are_cancelled_quickly_and_give_all_memory_back() throws InterruptedException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        var random = new Random(seed);
        DataFrame kept = numbers("1MB").persist();
        List<DataFrame> frames =
                List.of(
                        kept.sort("v", "k"),
                        kept.groupBy("id").count(),
                        numbers("1MB").filter(col("v").gt(5)));
        for (DataFrame frame : frames) {
            try (Table table = frame.collect()) {
                assertThat(table.rowCount()).isPositive();
            }
        }
        long before = held();
        long worst = 0;
        for (int i = 0; i < 51; i++) {
            worst = Math.max(worst, cancel(frames.get(i % 3), random.nextInt(40), before));
        }
        kept.release();
        System.out.printf("longest of 51 cancels: %.1f ms%n", worst / 1e6);
        assertThat(worst).isLessThan(TimeUnit.SECONDS.toNanos(2));
    }

    /// Interrupts a query after a while.
    ///
    /// @return how long it took until slots and memory were free
    private static long cancel(DataFrame frame, int millis, long before)
            throws InterruptedException {
        var problem = new AtomicReference<Throwable>();
        var thread =
                Thread.ofPlatform()
                        .start(() -> {
                            try (Table table = frame.collect()) {
                                assertThat(table.rowCount()).isPositive();
                            } catch (Cancelled e) {
                                // as asked
                            } catch (RuntimeException | Error e) {
                                problem.set(e);
                            }
                        });
        Thread.sleep(millis);
        long from = System.nanoTime();
        thread.interrupt();
        var worker = ((LocalSession) q).runtime().worker();
        while (thread.isAlive() || worker.running() > 0 || held() > before) Thread.sleep(1);
        assertThat(problem.get()).isNull();
        return System.nanoTime() - from;
    }

    @Test
    void a_stream_that_is_closed_stops_its_query() {
        long before = held();
        Rows rows = numbers("50KB").rows();
        assertThat(rows.iterator().next().getLong("id")).isZero();
        rows.close();
        var worker = ((LocalSession) q).runtime().worker();
        while (worker.running() > 0 || held() > before) Thread.onSpinWait();
        assertThatThrownBy(rows::iterator).isInstanceOf(IllegalStateException.class);
    }
}
