package dev.quiver.client;

import static dev.quiver.dataframe.Functions.asc;
import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.desc;
import static dev.quiver.dataframe.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.Table;
import dev.quiver.error.Cancelled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Work that is cancelled gives back slots, counted memory and files, whatever it was doing. How
/// fast it does is measured by `quiver bench cancel`.
@Timeout(300)
class CancelTest {
    /// A row of the file.
    record Line(long id, long k, long v, String name) {}

    private static final int ROWS = 300_000;
    private static final int TRIES = 5;

    /// What must be over by then never ends by itself.
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    @TempDir static Path directory;

    private static Session q;
    private static Random random;
    private static final Map<String, Runnable> KINDS = new TreeMap<>();

    @BeforeAll
    static void open() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("CancelTest: -Dseed=" + seed);
        random = new Random(seed);
        q = Quiver.local(Options.defaults().slots(2).memory("1GB").quiet());
        Path csv = directory.resolve("lines.csv");
        Path gzip = directory.resolve("lines.csv.gz");
        var text = new StringBuilder("id,k,v,name\n");
        for (int i = 0; i < ROWS; i++) {
            long hash = i * 0x9E3779B97F4A7C15L >>> 20;
            text.append(i).append(',').append(hash % 30).append(',').append(hash);
            text.append(",name ").append(hash % 100_003).append('\n');
        }
        Files.writeString(csv, text);
        q.read().csv(csv).write().compression("gzip").csv(gzip.toString());
        DataFrame lines = q.read().chunkBytes("1MB").csv(csv).persist();
        DataFrame other = lines.select(col("id"), col("name"), col("v").as("w")).persist();
        KINDS.put("sort", () -> collect(lines.sort(asc("v"), desc("k"))));
        KINDS.put("sort by text", () -> collect(lines.sort("name")));
        KINDS.put("group-by", () -> collect(lines.groupBy("name", "v").agg(sum("k"))));
        KINDS.put("join", () -> collect(lines.join(other, How.INNER, "id", "name")));
        KINDS.put("gzip scan", () -> collect(q.read().csv(gzip).groupBy("k").agg(sum("v"))));
        KINDS.put("CSV scan", () -> collect(q.read().chunkBytes("1MB").csv(csv)));
        KINDS.put("CSV write", () -> lines.write().overwrite().csv(out("out.csv")));
        KINDS.put("Parquet write", () -> lines.write().overwrite().parquet(out("out.parquet")));
        KINDS.put(
                "folders",
                () -> lines.write().partitionBy("k").overwrite().parquet(out("out") + "/"));
    }

    @AfterAll
    static void close() {
        q.close();
    }

    static Stream<String> kinds() {
        return KINDS.keySet().stream();
    }

    private static String out(String name) {
        return directory.resolve(name).toString();
    }

    private static void collect(DataFrame frame) {
        try (Table table = frame.collect()) {
            assertThat(table.rowCount()).isPositive();
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void a_cancelled_query_gives_back_slots_memory_and_files(String name) throws Exception {
        Runnable query = KINDS.get(name);
        if (!name.equals("folders")) query.run();
        removeWritten();
        long before = q.usage().memoryBytes();
        for (int i = 0; i < TRIES; i++) {
            boolean cancelled = cancelled(query, random.nextInt(40));
            awaitFree(before);
            if (cancelled) assertThat(written()).isEmpty();
            removeWritten();
        }
    }

    /// Interrupts a query some time after it began to run.
    ///
    /// @return false when it was done before
    private static boolean cancelled(Runnable query, int millis) throws InterruptedException {
        var problem = new AtomicReference<Throwable>();
        var thread =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                query.run();
                            } catch (RuntimeException | Error e) {
                                problem.set(e);
                            }
                        });
        while (q.usage().slotsBusy() == 0 && thread.isAlive()) Thread.onSpinWait();
        Thread.sleep(millis);
        thread.interrupt();
        thread.join();
        if (problem.get() == null) return false;
        assertThat(problem.get()).isInstanceOf(Cancelled.class);
        return true;
    }

    private static void awaitFree(long bytesBefore) throws InterruptedException {
        long from = System.nanoTime();
        while (true) {
            Usage usage = q.usage();
            if (usage.slotsBusy() == 0 && usage.memoryBytes() <= bytesBefore) return;
            assertThat(System.nanoTime() - from)
                    .as("%s, %d bytes before", usage, bytesBefore)
                    .isLessThan(PATIENCE_NANOS);
            Thread.sleep(1);
        }
    }

    private static List<Path> written() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(p -> !p.getFileName().toString().startsWith("lines.")).toList();
        }
    }

    private static void removeWritten() throws IOException {
        for (Path path : written()) {
            try (Stream<Path> all = Files.walk(path)) {
                for (Path one : all.sorted((a, b) -> b.compareTo(a)).toList()) Files.delete(one);
            }
        }
    }

    @Test
    void a_function_in_a_query_is_left_after_the_row_it_is_at() throws InterruptedException {
        long before = q.usage().memoryBytes();
        var rows = Stream.iterate(0L, i -> i + 1).limit(20_000);
        DataFrame frame = q.of(Line.class, rows.map(i -> new Line(i, i, i, "a")).toList());
        var slow = frame.as(Line.class).filter(line -> spun(line.id()) >= 0);
        assertThat(cancelled(slow::toList, 20)).isTrue();
        frame.release();
        awaitFree(before);
    }

    /// Ten milliseconds of work that no interrupt ends: an hour for all rows.
    private static long spun(long value) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(10);
        while (System.nanoTime() - end < 0) Thread.onSpinWait();
        return value;
    }

    @Test
    void loops_that_block_and_loops_that_ask_end_when_they_are_cancelled() throws Exception {
        long before = q.usage().memoryBytes();
        for (int i = 0; i < 50; i++) {
            var started = new CountDownLatch(1);
            boolean sleeps = i % 2 == 0;
            var future =
                    q.run(() -> {
                        started.countDown();
                        while (true) {
                            if (sleeps) Thread.sleep(100_000);
                            else Quiver.checkCancelled();
                        }
                    });
            started.await();
            assertThat(q.usage().slotsBusy()).isPositive();
            future.cancel();
            assertThatThrownBy(future::result).isInstanceOf(Cancelled.class);
            awaitFree(before);
        }
    }

    @Test
    void usage_tells_slots_and_the_budget() {
        Usage usage = q.usage();
        assertThat(usage.slots()).isEqualTo(2);
        assertThat(usage.memoryBytesMax()).isEqualTo(1L << 30);
    }
}
