package dev.quiver.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.Gate;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.GateFailed;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What happens when a run doesn't end: what is tried again, what is said, and how it goes on.
final class FailureTest {
    private static final int ROWS = 6_000;

    @TempDir private static Path data;
    private static Path csv;
    private static Session q;

    @TempDir private Path out;

    @BeforeAll
    static void open() throws IOException {
        csv = FlightFiles.first(data, ROWS);
        q = Quiver.local(Options.defaults().slots(2).quiet());
    }

    @AfterAll
    static void close() {
        q.close();
    }

    /// Fails once, at a step.
    private static TroubledDisk failingAt(long failing) {
        return new TroubledDisk((step, what) -> {
            if (step == failing) throw new IOException("No space left on device: " + what);
        });
    }

    /// What a run without trouble does.
    ///
    /// @param steps of the disk
    private record Unbroken(long steps, SortedMap<String, String> files) {}

    private Unbroken unbroken() throws IOException {
        var counting = new TroubledDisk((_, _) -> {});
        Path there = out.resolve("unbroken");
        Victim.pipeline(csv, there).in(Victim.with(counting)).run(q);
        return new Unbroken(counting.steps(), FlightFiles.contents(there));
    }

    @Test
    void a_run_that_failed_at_some_step_goes_on_to_the_same_bytes() throws IOException {
        failAtSteps(8);
    }

    @Test
    @Tag("nightly")
    void a_run_that_failed_at_any_step_goes_on_to_the_same_bytes() throws IOException {
        failAtSteps(Long.MAX_VALUE);
    }

    private void failAtSteps(long count) throws IOException {
        Unbroken unbroken = unbroken();
        var seed = Long.getLong("seed", new Random().nextInt(1000));

        long stride = Math.max(1, unbroken.steps() / count);
        for (long step = 1 + seed % stride; step < unbroken.steps(); step += stride) {
            Path broken = out.resolve("broken" + step);
            Pipeline pipeline =
                    Victim.pipeline(csv, broken)
                            .retry(1, Duration.ZERO)
                            .in(Victim.with(failingAt(step)));

            assertThatThrownBy(() -> pipeline.run(q))
                    .as("step %d of %d", step, unbroken.steps())
                    .isInstanceOfSatisfying(
                            QuiverException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_FAILED))
                    .hasMessageContaining("No space left on device");
            Victim.pipeline(csv, broken).run(q);

            assertThat(FlightFiles.contents(broken))
                    .as("step %d", step)
                    .isEqualTo(unbroken.files());
        }
    }

    @Test
    void a_disk_that_fails_once_at_some_step_stops_no_run() throws IOException {
        failOnceAtSteps(8);
    }

    @Test
    @Tag("nightly")
    void a_disk_that_fails_once_at_any_step_stops_no_run() throws IOException {
        failOnceAtSteps(Long.MAX_VALUE);
    }

    private void failOnceAtSteps(long count) throws IOException {
        Unbroken unbroken = unbroken();

        // The first and the last are where there is no unit to try again.
        long stride = Math.max(1, unbroken.steps() / count);
        for (long step = 1; step <= unbroken.steps(); step += stride) {
            Path once = out.resolve("once" + step);
            PipelineRun run = Victim.pipeline(csv, once).in(Victim.with(failingAt(step))).run(q);

            assertThat(run.resumedUnits()).as("step %d", step).isZero();
            assertThat(FlightFiles.contents(once)).as("step %d", step).isEqualTo(unbroken.files());
        }
    }

    @Test
    void what_may_pass_is_tried_again_after_growing_pauses() {
        var pauses = new ArrayList<Duration>();
        var disk =
                new TroubledDisk(
                        new TroubledDisk.Trouble() {
                            private int left = 2;

                            @Override
                            public void before(long step, String what) throws IOException {
                                if (what.startsWith("force /") && left-- > 0)
                                    throw new IOException("Resource temporarily unavailable");
                            }
                        });
        PipelineRun run =
                Victim.pipeline(csv, out)
                        .retry(3, Duration.ofSeconds(1))
                        .in(
                                new Surroundings(
                                        disk,
                                        pauses::add,
                                        new Random(7),
                                        System::nanoTime,
                                        InstantSource.system()))
                        .run(q);

        assertThat(pauses).hasSize(2);
        assertThat(pauses.get(0)).isBetween(Duration.ofMillis(500), Duration.ofMillis(1500));
        assertThat(pauses.get(1)).isBetween(Duration.ofMillis(1000), Duration.ofMillis(3000));
        assertThat(run.steps().stream().mapToInt(PipelineRun.StepRun::retries).sum()).isEqualTo(2);
    }

    @Test
    void a_failure_says_step_unit_error_and_what_to_do() {
        var full =
                new TroubledDisk((step, what) -> {
                    if (what.startsWith("force ") && what.contains("part-00003"))
                        throw new IOException("No space left on device");
                });
        Pipeline pipeline = Victim.pipeline(csv, out).in(Victim.with(full));

        assertThatThrownBy(() -> pipeline.run(q))
                .hasMessageContaining("pipeline 'flights' stopped in load parquet ")
                .hasMessageContaining("unit 4 of ")
                .hasMessageContaining("No space left on device")
                .hasMessageContaining("(IO_FAILED)")
                .hasMessageContaining("unit: " + csv + ", bytes ")
                .hasMessageContaining("tried: 3 times")
                .hasMessageContaining("then run the pipeline again: 3 of ")
                .hasMessageContaining("units are done and stay");
        PipelineRun run = Victim.pipeline(csv, out).run(q);

        assertThat(run.resumedUnits()).isEqualTo(3);
        assertThat(run.id()).isEqualTo("flights-1");
    }

    private void stopAtThirdUnit(Pipeline pipeline) {
        var disk =
                new TroubledDisk((_, what) -> {
                    if (what.startsWith("force ") && what.contains("part-00002"))
                        throw new IOException("gone");
                });
        assertThatThrownBy(() -> pipeline.retry(1, Duration.ZERO).in(Victim.with(disk)).run(q))
                .hasMessageContaining("gone");
    }

    private Pipeline of(String pattern) {
        return Pipeline.named("days")
                .ledger(out.resolve("ledger").toString())
                .extract(read -> read.csv(pattern))
                .load(Load.csv(out.resolve("days").toString()));
    }

    private void day(String name, String text) throws IOException {
        Files.createDirectories(out.resolve("in"));
        Files.writeString(out.resolve("in").resolve(name), "a,b\n" + text);
    }

    @Test
    void a_run_that_goes_on_has_the_files_that_it_began_with() throws IOException {
        for (int day = 0; day < 4; day++) day("day%d.csv".formatted(day), day + ",1\n");
        Pipeline days = of(out.resolve("in/*.csv").toString());
        stopAtThirdUnit(days);
        day("day00.csv", "100,1\n");

        PipelineRun run = days.run(q);

        assertThat(run.rowsLoaded()).isEqualTo(4);
        assertThat(run.resumedUnits()).isPositive();
        assertThat(of(out.resolve("in/*.csv").toString())).isNotNull();
        assertThat(q.read().csv(out.resolve("days") + "/*.csv").count()).isEqualTo(4);
    }

    @Test
    void a_run_that_goes_on_still_knows_the_columns_of_folders() throws IOException {
        q.read()
                .nulls("NA")
                .csv(csv)
                .select("carrier", "origin", "flight")
                .write()
                .partitionBy("origin", "carrier")
                .parquet(out.resolve("in").toString());
        Pipeline copied =
                Pipeline.named("copied")
                        .ledger(out.resolve("ledger").toString())
                        .extract(read -> read.parquet(out.resolve("in") + "/"))
                        .load(Load.csv(out.resolve("copy").toString()).partitionBy("origin"));
        stopAtThirdUnit(copied);

        PipelineRun run = copied.run(q);

        assertThat(run.resumedUnits()).isPositive();
        assertThat(run.rowsLoaded()).isEqualTo(ROWS);
        assertThat(out.resolve("copy/origin=JFK")).isDirectory();
    }

    @Test
    void a_changed_input_is_named_and_the_run_can_be_given_up() throws IOException {
        for (int day = 0; day < 4; day++) day("day%d.csv".formatted(day), day + ",1\n");
        Pipeline days = of(out.resolve("in/*.csv").toString());
        stopAtThirdUnit(days);
        day("day1.csv", "7,7\n8,8\n");

        assertThatThrownBy(() -> days.run(q))
                .hasMessageContaining("has a run that didn't end, and the input '")
                .hasMessageContaining("in/day1.csv' changed since it began   (FILE_CHANGED)")
                .hasMessageContaining("was: 8 bytes, changed at")
                .hasMessageContaining("is:  12 bytes, changed at")
                .hasMessageContaining("or give that run up, and what it loaded is loaded anew:")
                .hasMessageContaining(
                        ": quiver give-up days --ledger %s, or giveUp() in code"
                                .formatted(days.ledgerDirectory()));

        assertThat(days.giveUp()).isTrue();
        assertThat(days.giveUp()).isFalse();
        PipelineRun run = days.run(q);
        assertThat(run.id()).isEqualTo("days-2");
        assertThat(run.rowsLoaded()).isEqualTo(5);
        assertThat(FlightFiles.contents(out).keySet()).noneMatch(name -> name.startsWith("."));
    }

    @Test
    void a_changed_plan_or_parameter_is_named() throws IOException {
        for (int day = 0; day < 4; day++) day("day%d.csv".formatted(day), day + ",1\n");
        String pattern = out.resolve("in/*.csv").toString();
        stopAtThirdUnit(of(pattern).parameter("year", "2013"));

        assertThatThrownBy(() -> of(pattern).parameter("year", "2014").run(q))
                .hasMessageContaining(
                        "the parameter 'year' changed since it began   (PLAN_INVALID)")
                .hasMessageContaining("was: 2013")
                .hasMessageContaining("is:  2014");
        assertThatThrownBy(() ->
                        Pipeline.named("days")
                                .parameter("year", "2013")
                                .ledger(out.resolve("ledger").toString())
                                .extract(read -> read.csv(pattern))
                                .transform(df -> df.select("b"))
                                .load(Load.csv(out.resolve("days").toString()))
                                .run(q))
                .hasMessageContaining("the plan changed since it began")
                .hasMessageContaining("was: ScanCsv[")
                .hasMessageContaining("is:  Project[");
        assertThat(of(pattern).parameter("year", "2013").run(q).rowsLoaded()).isEqualTo(4);
    }

    @Test
    void a_missing_input_of_an_unfinished_run_is_named() throws IOException {
        for (int day = 0; day < 4; day++) day("day%d.csv".formatted(day), day + ",1\n");
        Pipeline days = of(out.resolve("in/*.csv").toString());
        stopAtThirdUnit(days);
        Files.delete(out.resolve("in/day2.csv"));

        assertThatThrownBy(() -> days.run(q))
                .hasMessageContaining("an input of the unfinished run is gone: no file '")
                .hasMessageContaining("in/day2.csv'   (FILE_CHANGED)");
    }

    @Test
    void too_many_bad_rows_end_the_run_and_nothing_is_published() throws IOException {
        Pipeline gated =
                Pipeline.named("gated")
                        .ledger(out.resolve("ledger").toString())
                        .extract(read -> read.nulls("NA").chunkBytes("150KB").csv(csv.toString()))
                        .gate(
                                Gate.rules()
                                        .notNull("arr_delay")
                                        .quarantine(out.resolve("bad").toString())
                                        .atMostShare(0.001))
                        .load(Load.parquet(out.resolve("good").toString()));

        for (int time = 1; time <= 2; time++) {
            assertThatThrownBy(() -> gated.run(q))
                    .isInstanceOf(GateFailed.class)
                    .hasMessageContaining("more than the 0.10 % of the rows that it may");
            assertThat(FlightFiles.contents(out).keySet())
                    .containsExactly("ledger/LOCK", "ledger/ledger.log");
        }
    }

    @Test
    void a_function_that_throws_is_the_users_and_not_tried_again() {
        Pipeline broken =
                Victim.pipeline(csv, out)
                        .transform(df -> {
                            throw new IllegalStateException("no such day");
                        })
                        .load(Load.csv(out.resolve("never").toString()));

        assertThatThrownBy(() -> broken.run(q))
                .hasMessageContaining("stopped in extract: it threw java.lang.IllegalState")
                .hasMessageContaining("no such day")
                .hasMessageContaining("(TASK_FAILED)");
    }

    @Test
    void a_clock_that_goes_back_changes_nothing() throws IOException {
        Path forth = out.resolve("forth");
        Path back = out.resolve("back");
        Victim.pipeline(csv, forth).run(q);
        var clock =
                new InstantSource() {
                    private Instant now = Instant.parse("2030-01-01T00:00:00Z");

                    @Override
                    public Instant instant() {
                        now = now.minus(Duration.ofDays(400));
                        return now;
                    }
                };
        var disk = failingAt(60);
        Pipeline pipeline =
                Victim.pipeline(csv, back)
                        .retry(1, Duration.ZERO)
                        .in(
                                new Surroundings(
                                        disk, _ -> {}, new Random(1), System::nanoTime, clock));
        assertThatThrownBy(() -> pipeline.run(q)).hasMessageContaining("No space left");
        Files.setLastModifiedTime(back.resolve("ledger/ledger.log"), FileTime.fromMillis(0));

        pipeline.run(q);

        assertThat(FlightFiles.contents(back)).isEqualTo(FlightFiles.contents(forth));
        assertThat(List.of(forth, back)).allMatch(Files::isDirectory);
    }
}
