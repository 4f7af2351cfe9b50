package dev.quiver.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows whose keys were loaded before are left out, and counted.
final class DropSeenTest {
    private static Session q;

    @TempDir private Path directory;

    @BeforeAll
    static void open() {
        q = Quiver.local(Options.defaults().slots(2).quiet());
    }

    @AfterAll
    static void close() {
        q.close();
    }

    private void deliver(String file, String... rows) throws IOException {
        Path path = directory.resolve("in").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "id,kind\n" + String.join("\n", rows) + "\n");
    }

    private Pipeline orders(String... columns) {
        String files = directory.resolve("in") + "/*.csv";
        List<String> more = List.of(columns).subList(1, columns.length);
        return Pipeline.named("orders")
                .ledger(directory.resolve("ledger").toString())
                .extract(read -> read.chunkBytes("64KB").csv(files))
                .load(
                        Load.parquet(directory.resolve("out").toString())
                                .dropSeen(columns[0], more.toArray(String[]::new)))
                .retry(2, Duration.ofMillis(1));
    }

    private List<Long> ids() {
        DataFrame out = q.read().parquet(directory.resolve("out") + "/").sort("id");
        return LongStream.of(out.collect().longs("id")).boxed().toList();
    }

    private static Surroundings keeping(long keys) {
        return Surroundings.real().withKeys(keys);
    }

    @Test
    void a_row_is_loaded_once_whichever_file_and_run_brings_it() throws IOException {
        deliver("1.csv", "1,a", "2,b", "1,c");
        PipelineRun first = orders("id").run(q);
        deliver("2.csv", "2,d", "3,e");

        PipelineRun second = orders("id").run(q);
        SortedMap<String, String> after = FlightFiles.contents(directory.resolve("out"));
        PipelineRun third = orders("id").run(q);

        assertThat(List.of(first.rowsLoaded(), first.dropped())).containsExactly(2L, 1L);
        assertThat(List.of(second.rowsLoaded(), second.dropped())).containsExactly(1L, 4L);
        assertThat(List.of(third.rowsLoaded(), third.dropped())).containsExactly(0L, 5L);
        assertThat(third.quarantined()).isZero();
        assertThat(ids()).containsExactly(1L, 2L, 3L);
        assertThat(FlightFiles.contents(directory.resolve("out"))).isEqualTo(after);
    }

    @Test
    void several_columns_and_long_texts_are_keys_and_a_null_is_none() throws IOException {
        String text = "a text of more than fourteen bytes: number ";
        deliver("1.csv", "1," + text + 1, "1," + text + 2, "2,");
        orders("id", "kind").run(q);

        deliver("1.csv", "1," + text + 1, "1," + text + 3, "2," + text + 1, "2,");
        PipelineRun second = orders("id", "kind").run(q);

        assertThat(second.dropped()).isEqualTo(1);
        assertThat(ids()).containsExactly(1L, 1L, 1L, 2L, 2L, 2L);
    }

    @Test
    void random_rows_over_runs_failures_and_maps_of_few_keys_are_those_of_a_set()
            throws IOException {
        long seed = Long.getLong("seed", new Random().nextInt(1_000_000));
        var random = new Random(seed);
        Set<Long> expected = new HashSet<>();
        long delivered = 0;
        long loaded = 0;
        long dropped = 0;

        for (int run = 0; run < 4; run++) {
            var rows = new ArrayList<String>();
            for (int i = 0; i < 4_000; i++) {
                long id = random.nextLong(12_000);
                expected.add(id);
                rows.add(id + ",x");
            }
            deliver("1.csv", rows.toArray(String[]::new));
            delivered += rows.size();
            long fails = random.nextInt(60);
            var disk =
                    new TroubledDisk((step, _) -> {
                        if (step == fails) throw new IOException("the disk doesn't answer");
                    });
            long keys = run % 2 == 0 ? 1_000 : 1_000_000;
            PipelineRun done = toItsEnd(orders("id"), Victim.with(disk).withKeys(keys));
            loaded += done.rowsLoaded();
            dropped += done.dropped();
        }

        assertThat(ids())
                .as("seed %d", seed)
                .containsExactlyElementsOf(expected.stream().sorted().toList());
        assertThat(loaded).as("seed %d", seed).isEqualTo(expected.size());
        assertThat(dropped).as("seed %d", seed).isEqualTo(delivered - loaded);
    }

    /// Runs it, and again when what isn't tried again failed.
    private static PipelineRun toItsEnd(Pipeline pipeline, Surroundings troubled) {
        try {
            return pipeline.in(troubled).run(q);
        } catch (QuiverException e) {
            assertThat(e).hasMessageContaining("the disk doesn't answer");
            return pipeline.in(keeping(troubled.keysMax())).run(q);
        }
    }

    @Test
    void keys_of_a_run_that_was_given_up_are_forgotten() throws IOException {
        deliver("1.csv", "1,a");
        orders("id").in(keeping(0)).run(q);
        deliver("1.csv", "1,a", "2,b");
        var once = new AtomicBoolean();
        var disk =
                new TroubledDisk((_, what) -> {
                    if (what.startsWith("move") && once.compareAndSet(false, true))
                        throw new IOException("no");
                });
        assertThatThrownBy(() ->
                        orders("id").retry(1, Duration.ofMillis(1)).in(Victim.with(disk)).run(q))
                .hasMessageContaining("no");

        orders("id").giveUp();
        deliver("1.csv", "3,c", "2,d");
        PipelineRun run = orders("id").in(keeping(0)).run(q);

        assertThat(run.rowsLoaded()).isEqualTo(2);
        assertThat(ids()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void a_map_that_is_lost_or_damaged_is_made_anew_and_a_damaged_log_is_told() throws IOException {
        deliver("1.csv", "1,a", "2,b", "3,c");
        orders("id").in(keeping(0)).run(q);
        Path map = file(".map");
        Files.writeString(map, "not a map");

        assertThat(orders("id").in(keeping(0)).run(q).dropped()).isEqualTo(3);
        Files.write(map, new byte[0]);
        Files.delete(file(".ok"));

        assertThat(orders("id").in(keeping(0)).run(q).dropped()).isEqualTo(3);

        Files.delete(map);
        assertThat(orders("id").in(keeping(0)).run(q).dropped()).isEqualTo(3);
        Path log = Path.of(map.toString().replace(".map", ""));
        byte[] bytes = Files.readAllBytes(log);
        bytes[25] ^= 1;
        Files.write(log, bytes);
        Files.delete(file(".ok"));
        assertThatThrownBy(() -> orders("id").run(q))
                .hasMessageContaining("the keys that were loaded are damaged")
                .hasMessageContaining("it isn't what was written from byte 0 on")
                .hasMessageContaining("file: " + log)
                .hasMessageContaining("load all anew");
    }

    private Path file(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("ledger"))) {
            return files.filter(path -> path.toString().endsWith(suffix)).findFirst().orElseThrow();
        }
    }

    @Test
    void other_keys_than_before_are_refused() throws IOException {
        deliver("1.csv", "1,a");
        orders("id").run(q);

        assertThatThrownBy(() -> orders("kind").run(q))
                .hasMessageContaining(
                        "rows are left out by kind utf8, and earlier runs kept id int64");
        assertThatThrownBy(() -> orders("what").run(q)).hasMessageContaining("no column 'what'");
        String out = directory.resolve("other").toString();
        assertThatThrownBy(() -> orders("id").load(Load.csv(out).dropSeen("id")).run(q))
                .hasMessageContaining("dropSeen(…) was not said in all earlier runs");
        assertThatThrownBy(() ->
                        Pipeline.named("over")
                                .ledger(directory.resolve("over").toString())
                                .extract(read -> read.csv(directory.resolve("in") + "/*.csv"))
                                .load(Load.csv(out).overwrite().dropSeen("id"))
                                .run(q))
                .hasMessageContaining("would replace all that earlier runs loaded");
    }

    @Test
    void a_run_that_looked_at_no_keys_is_not_forgotten() throws IOException {
        deliver("1.csv", "1,a");
        orders("id").run(q);
        deliver("1.csv", "2,b");
        Pipeline without =
                Pipeline.named("orders")
                        .ledger(directory.resolve("ledger").toString())
                        .extract(read -> read.csv(directory.resolve("in") + "/*.csv"))
                        .load(Load.parquet(directory.resolve("out").toString()).append());
        without.run(q);

        assertThatThrownBy(() -> orders("id").run(q))
                .hasMessageContaining("dropSeen(…) was not said in all earlier runs")
                .hasMessageContaining("load all anew: into another target, with another ledger(…)");
        assertThat(ids()).containsExactly(1L, 2L);
    }

    @Test
    void loads_that_would_have_one_set_of_keys_are_refused() throws IOException {
        deliver("1.csv", "1,a");
        String other = directory.resolve("old/out").toString();

        assertThatThrownBy(() -> orders("id").load(Load.csv(other)).run(q))
                .hasMessageContaining("a load whose target is called as that of another")
                .hasMessageContaining("other: load csv " + other);
    }
}
