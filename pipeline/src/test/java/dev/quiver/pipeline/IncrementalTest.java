package dev.quiver.pipeline;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Gate;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.On;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs that load what earlier ones didn't.
final class IncrementalTest {
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
        Files.writeString(path, "id,at,kind\n" + String.join("\n", rows) + "\n");
    }

    private Pipeline orders() {
        String files = directory.resolve("in") + "/*.csv";
        return Pipeline.named("orders")
                .ledger(directory.resolve("ledger").toString())
                .extract(read -> read.csv(files))
                .load(Load.parquet(directory.resolve("out").toString()));
    }

    private List<Long> ids() {
        DataFrame out = q.read().parquet(directory.resolve("out") + "/").sort("id");
        return LongStream.of(out.collect().longs("id")).boxed().toList();
    }

    @Test
    void files_that_a_finished_run_loaded_are_left_out() throws IOException {
        deliver("1.csv", "1,2024-01-01,a", "2,2024-01-02,b");
        Pipeline pipeline = orders().onlyNew();

        PipelineRun first = pipeline.run(q);
        SortedMap<String, String> after = FlightFiles.contents(directory.resolve("out"));
        PipelineRun second = pipeline.run(q);

        assertThat(first.rowsLoaded()).isEqualTo(2);
        assertThat(second.rowsLoaded()).isZero();
        assertThat(second.units()).isZero();
        assertThat(FlightFiles.contents(directory.resolve("out"))).isEqualTo(after);

        deliver("2.csv", "3,2024-01-03,a");
        PipelineRun third = pipeline.run(q);
        assertThat(third.id()).isEqualTo("orders-3");
        assertThat(third.rowsLoaded()).isEqualTo(1);
        assertThat(ids()).containsExactly(1L, 2L, 3L);
        assertThat(FlightFiles.contents(directory.resolve("out")))
                .containsOnlyKeys("part-00000.parquet", "orders-3-part-00000.parquet")
                .containsAllEntriesOf(after);
    }

    @Test
    void a_file_that_changed_is_a_new_one() throws IOException {
        deliver("1.csv", "1,2024-01-01,a");
        deliver("2.csv", "2,2024-01-01,a");
        orders().onlyNew().run(q);

        deliver("1.csv", "1,2024-01-01,a", "3,2024-01-02,a");

        assertThat(orders().onlyNew().run(q).rowsLoaded()).isEqualTo(2);
        assertThat(ids()).containsExactly(1L, 1L, 2L, 3L);
    }

    @Test
    void files_loaded_before_it_was_asked_for_count_too() throws IOException {
        deliver("1.csv", "1,2024-01-01,a");
        orders().run(q);

        PipelineRun run = orders().onlyNew().run(q);

        assertThat(run.rowsLoaded()).isZero();
        assertThat(ids()).containsExactly(1L);
    }

    @Test
    void small_tables_of_an_extract_stay_whole_and_reports_look_at_all_that_is_loaded()
            throws IOException {
        deliver("1.csv", "1,2024-01-01,a");
        Path kinds = directory.resolve("kinds.csv");
        Files.writeString(kinds, "kind,name\na,apple\nb,banana\n");
        String files = directory.resolve("in") + "/*.csv";
        Pipeline pipeline =
                Pipeline.named("orders")
                        .ledger(directory.resolve("ledger").toString())
                        .extract(read ->
                                read.csv(files)
                                        .join(
                                                read.csv(kinds.toString()),
                                                How.INNER,
                                                On.keys("kind")))
                        .load(Load.parquet(directory.resolve("out").toString()))
                        .report("names", df -> df.groupBy("name").agg(count()).sort("name"))
                        .onlyNew();

        pipeline.run(q);
        deliver("2.csv", "2,2024-01-02,b");
        PipelineRun second = pipeline.run(q);

        assertThat(second.rowsLoaded()).isEqualTo(1);
        assertThat(second.report("names").strings("name")).containsExactly("apple", "banana");
    }

    @Test
    void each_extract_has_new_files_of_its_own() throws IOException {
        deliver("1.csv", "1,2024-01-01,a");
        deliver("later/1.csv", "2,2024-01-01,a");
        String in = directory.resolve("in").toString();
        Pipeline pipeline =
                Pipeline.named("orders")
                        .ledger(directory.resolve("ledger").toString())
                        .extract(read -> read.csv(in + "/*.csv"))
                        .extract(read -> read.csv(in + "/later/*.csv"))
                        .load(Load.parquet(directory.resolve("out").toString()))
                        .onlyNew();
        pipeline.run(q);

        deliver("later/2.csv", "3,2024-01-02,a");

        assertThat(pipeline.run(q).rowsLoaded()).isEqualTo(1);
        assertThat(ids()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void a_load_that_replaces_is_refused() throws IOException {
        deliver("1.csv", "1,2024-01-01,a");
        Pipeline pipeline =
                orders().load(Load.csv(directory.resolve("all").toString()).overwrite()).onlyNew();

        assertThatThrownBy(() -> pipeline.run(q))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_INVALID))
                .hasMessageContaining("would replace all that earlier runs loaded")
                .hasMessageContaining("leave out overwrite()");
    }

    @Test
    void rows_at_or_below_the_mark_are_left_out() throws IOException {
        deliver("1.csv", "1,2024-01-01,a", "2,2024-01-02,a");
        Pipeline pipeline = orders().highWaterMark("at");
        pipeline.run(q);

        deliver("1.csv", "1,2024-01-01,a", "9,2024-01-02,a", "3,2024-01-03,a");
        PipelineRun second = pipeline.run(q);
        PipelineRun third = pipeline.run(q);

        assertThat(second.rowsLoaded()).isEqualTo(1);
        assertThat(third.rowsLoaded()).isZero();
        assertThat(ids()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void marks_are_of_numbers_and_texts_too_and_count_rows_that_a_gate_turns_away()
            throws IOException {
        deliver("1.csv", "1,x1,a", "2,x2,bad");
        for (String column : List.of("id", "at")) {
            String out = directory.resolve("by-" + column).toString();
            Pipeline pipeline =
                    Pipeline.named("by-" + column)
                            .ledger(out + "-ledger")
                            .extract(read -> read.csv(directory.resolve("in") + "/*.csv"))
                            .gate(Gate.rules().oneOf("kind", "a").quarantine(out + "-bad"))
                            .load(Load.parquet(out))
                            .highWaterMark(column);
            PipelineRun first = pipeline.run(q);
            PipelineRun second = pipeline.run(q);
            assertThat(first.rowsLoaded()).isEqualTo(1);
            assertThat(first.quarantined()).isEqualTo(1);
            assertThat(second.rowsLoaded() + second.quarantined()).isZero();
        }
    }

    @Test
    void rows_without_a_mark_and_marks_of_other_types_are_refused() throws IOException {
        deliver("1.csv", "1,2024-01-01,0.5", "2,,0.5");

        assertThatThrownBy(() -> orders().highWaterMark("at").run(q))
                .hasMessageContaining("rows without a value in 'at': 1;")
                .hasMessageContaining("filter(col(\"at\").isNotNull())");
        assertThatThrownBy(() -> orders().highWaterMark("kind").run(q))
                .hasMessageContaining("the high-water mark 'kind' has values of class Double")
                .hasMessageContaining("use a column of whole numbers");
        assertThatThrownBy(() -> orders().highWaterMark("att").run(q))
                .hasMessageContaining("att")
                .hasMessageContaining("did you mean 'at'?");
    }

    @Test
    void a_run_that_stopped_moves_nothing() throws IOException {
        deliver("1.csv", "1,2024-01-01,a");
        Pipeline pipeline = orders().onlyNew().highWaterMark("at");
        pipeline.run(q);
        deliver("2.csv", "2,2024-01-02,bad");

        assertThatThrownBy(() -> pipeline.gate(kinds()).load(otherLoad()).run(q))
                .hasMessageContaining("a row breaks the gate's rule");
        PipelineRun later = pipeline.run(q);

        assertThat(later.rowsLoaded()).isEqualTo(1);
        assertThat(ids()).containsExactly(1L, 2L);
    }

    private static Gate kinds() {
        return Gate.rules().oneOf("kind", "a");
    }

    private FileLoad otherLoad() {
        return Load.csv(directory.resolve("other").toString());
    }

    @Test
    void a_run_that_failed_at_some_steps_stays_exact() throws IOException {
        failAtSteps(6);
    }

    @Test
    @Tag("nightly")
    void a_run_that_failed_at_any_step_stays_exact() throws IOException {
        failAtSteps(Long.MAX_VALUE);
    }

    /// The second of three runs fails; what comes while it waits is the third run's.
    private void failAtSteps(long count) throws IOException {
        Path home = directory;
        directory = home.resolve("counting");
        var counting = new TroubledDisk((_, _) -> {});
        firstDelivery();
        incremental().run(q);
        secondDelivery();
        incremental().in(Victim.with(counting)).run(q);
        long seed = Long.getLong("seed", new Random().nextInt(1000));

        long stride = Math.max(1, counting.steps() / count);
        for (long step = 1 + seed % stride; step <= counting.steps(); step += stride) {
            directory = home.resolve("broken" + step);
            firstDelivery();
            PipelineRun first = incremental().run(q);
            secondDelivery();
            long failing = step;
            var disk =
                    new TroubledDisk((now, _) -> {
                        if (now == failing) throw new IOException("No space left on device");
                    });
            var loaded = new ArrayList<Long>();
            loaded.add(first.rowsLoaded());
            try {
                loaded.add(incremental().in(Victim.with(disk)).run(q).rowsLoaded());
            } catch (QuiverException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.IO_FAILED);
            }
            deliver("4.csv", "6,2024-01-06,a", "7,2024-01-07,a");
            incremental().run(q);
            incremental().run(q);

            assertThat(ids())
                    .as("step %d, seed %d, loaded %s", step, seed, loaded)
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        }
        directory = home;
    }

    private Pipeline incremental() {
        return orders().branch(
                        "marked",
                        df -> df.filter(col("kind").eq("b")),
                        Load.csv(directory.resolve("marked").toString()))
                .onlyNew()
                .highWaterMark("at")
                .retry(1, Duration.ZERO);
    }

    private void firstDelivery() throws IOException {
        deliver("1.csv", "1,2024-01-01,a", "2,2024-01-02,b");
    }

    private void secondDelivery() throws IOException {
        deliver("2.csv", "3,2024-01-03,a", "4,2024-01-04,b");
        deliver("3.csv", "5,2024-01-05,b", "1,2024-01-01,a");
    }
}
