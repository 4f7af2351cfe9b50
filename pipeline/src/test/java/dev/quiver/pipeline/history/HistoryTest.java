package dev.quiver.pipeline.history;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.Gate;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.pipeline.Load;
import dev.quiver.pipeline.Pipeline;
import dev.quiver.pipeline.PipelineRun;
import dev.quiver.pipeline.RowCounts;
import dev.quiver.pipeline.RunEnd;
import dev.quiver.pipeline.RunObserver;
import dev.quiver.pipeline.RunStart;
import dev.quiver.pipeline.history.RunRecord.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What ran is written down beside the ledger, and can be read whatever happened since.
final class HistoryTest {
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

    private Path ledger() {
        return directory.resolve("ledger");
    }

    private Pipeline orders() throws IOException {
        Path csv = directory.resolve("orders.csv");
        if (!Files.exists(csv))
            Files.writeString(csv, "id,amount\n1,10\n2,\n3,30\n" + "4,40\n".repeat(2_000));
        return Pipeline.named("orders")
                .ledger(ledger().toString())
                .parameter("day", "monday")
                .extract(read -> read.chunkBytes("4KB").csv(csv.toString()))
                .gate(
                        Gate.rules()
                                .notNull("amount")
                                .quarantine(directory.resolve("bad").toString()))
                .load(Load.parquet(directory.resolve("orders").toString()).overwrite());
    }

    private List<RunRecord> history() {
        return History.of(ledger().toString());
    }

    @Test
    void a_run_is_written_down_with_what_each_step_did() throws IOException {
        PipelineRun run = orders().triggeredBy("a test").run(q);

        RunRecord told = history().getFirst();
        assertThat(told.run()).isEqualTo("orders-1");
        assertThat(told.state()).isEqualTo(State.DONE);
        assertThat(told.last().trigger()).isEqualTo("a test");
        assertThat(told.last().parameters()).containsEntry("day", "monday");
        assertThat(told.last().rowsLoaded()).isEqualTo(2_002);
        assertThat(told.last().quarantined()).isEqualTo(1);
        assertThat(told.last().steps()).isEqualTo(run.steps());
        PipelineRun.StepRun load = run.steps().get(1);
        assertThat(load.rowsRead()).isEqualTo(2_003);
        assertThat(load.rows()).isEqualTo(2_002);
        assertThat(load.quarantined()).isEqualTo(1);
        assertThat(load.peakBytes()).isPositive();
        assertThat(load.units()).isGreaterThan(1);
    }

    @Test
    void rows_that_were_dropped_or_merged_and_drift_are_written_down() throws IOException {
        Path csv = directory.resolve("events.csv");
        Pipeline events =
                Pipeline.named("events")
                        .ledger(ledger().toString())
                        .extract(read -> read.csv(csv.toString()))
                        .load(
                                Load.parquet(directory.resolve("all").toString())
                                        .append()
                                        .dropSeen("id"))
                        .branch("now", df -> df, Load.merge(directory + "/now").on("id"))
                        .drift();
        Files.writeString(csv, "id,amount\n1,10\n2,20\n1,10\n");
        events.run(q);
        Files.writeString(csv, "id,amount\n2,21\n3,3000\n1,10\n");
        var ends = new ArrayList<RunEnd>();
        PipelineRun run = events.observer(ending(ends::add)).run(q);

        RunRecord.Attempt told = history().getFirst().last();
        assertThat(run.dropped()).isEqualTo(2);
        assertThat(run.merged()).isEqualTo(new PipelineRun.Merged(1, 1, 1));
        assertThat(run.drift()).isNotEmpty();
        assertThat(told.rows())
                .isEqualTo(new RowCounts(run.rowsLoaded(), 0, 2, run.merged()))
                .isEqualTo(ends.getFirst().rows());
        assertThat(told.drift()).isEqualTo(run.drift()).isEqualTo(ends.getFirst().drift());
        assertThat(told.steps()).isEqualTo(run.steps());
        assertThat(told.steps())
                .filteredOn(step -> step.units() > 0)
                .extracting(step -> step.dropped() + " " + step.merged())
                .containsExactly(
                        "2 0 inserted, 0 updated, 0 unchanged",
                        "0 1 inserted, 1 updated, 1 unchanged");
        assertThat(ends.getFirst().droppedShare()).isEqualTo(2 / 6.0);
    }

    private static RunObserver ending(Consumer<RunEnd> heard) {
        return new RunObserver() {
            @Override
            public void ended(RunEnd run) {
                heard.accept(run);
            }
        };
    }

    @Test
    void a_line_of_an_earlier_version_has_none_of_the_later_figures() throws IOException {
        Files.createDirectories(ledger());
        String began =
                "{'event':'began','at':'2026-03-01T10:00:00Z','run':'a-1','pipeline':'a',"
                        + "'trigger':'by hand','resumes':false,'host':'h','process':1,"
                        + "'processBegan':''}";
        String ended =
                "{'event':'ended','at':'2026-03-01T10:00:01Z','run':'a-1',"
                        + "'began':'2026-03-01T10:00:00Z','state':'DONE','rows':7,'quarantined':3,"
                        + "'units':1,'unitsDone':1,'steps':[{'step':'load','units':1,'rowsRead':10,"
                        + "'rows':7,'bytes':100,'quarantined':3,'retries':0,'peakBytes':1,"
                        + "'nanos':5}]}";
        for (String line : List.of(began, ended))
            History.log(ledger()).append(Json.object(line.replace('\'', '"')));

        RunRecord.Attempt told = history().getFirst().last();
        var none = new PipelineRun.Merged(0, 0, 0);
        assertThat(told.rows()).isEqualTo(new RowCounts(7, 3, 0, none));
        assertThat(told.drift()).isEmpty();
        assertThat(told.steps().getFirst().dropped()).isZero();
        assertThat(told.steps().getFirst().merged()).isEqualTo(none);
    }

    @Test
    void a_run_that_fails_and_goes_on_is_one_run_of_two_attempts() throws IOException {
        var written = new AtomicInteger();
        Pipeline broken =
                orders().troubled((_, unit) -> {
                    if (unit > 0 && written.incrementAndGet() == 2)
                        throw new IllegalStateException("gone");
                });
        assertThatThrownBy(() -> broken.run(q)).hasMessageContaining("gone");
        assertThat(history().getFirst().state()).isEqualTo(State.FAILED);

        orders().run(q);

        assertThat(history()).hasSize(1);
        RunRecord run = history().getFirst();
        assertThat(run.state()).isEqualTo(State.DONE);
        RunRecord.Attempt first = run.attempts().getFirst();
        assertThat(first.state()).isEqualTo(State.FAILED);
        assertThat(first.unitsDone()).isEqualTo(1);
        assertThat(first.failure().orElseThrow().what()).contains("gone");
        assertThat(first.steps().getLast().name()).startsWith("load parquet");
        assertThat(run.last().unitsDone()).isEqualTo(run.last().units());
    }

    @Test
    void what_is_wrong_with_a_pipeline_is_written_down_too() throws IOException {
        Pipeline wrong = orders().transform(df -> df.filter(col("nope").gt(1)));
        Pipeline reloaded = wrong.load(Load.csv(directory.resolve("x").toString()));

        assertThatThrownBy(() -> reloaded.run(q)).isInstanceOf(QuiverException.class);

        RunEnd.Failure failure = history().getFirst().last().failure().orElseThrow();
        assertThat(failure.code()).isEqualTo(ErrorCode.COLUMN_NOT_FOUND);
        assertThat(failure.fix()).isNotEmpty();
    }

    @Test
    void a_run_whose_process_is_gone_was_killed() throws IOException {
        var start =
                new RunStart(
                        "orders-7",
                        "orders",
                        Files.createDirectories(ledger()),
                        "by hand",
                        new TreeMap<>(),
                        Instant.parse("2026-03-01T10:00:00Z"),
                        false);
        new HistoryKeeper().began(start);
        assertThat(history().getFirst().state()).isEqualTo(State.RUNNING);

        String gone = Files.readString(ledger().resolve(History.FILE));
        Map<String, Object> line = new LinkedHashMap<>(Json.object(gone.strip()));
        line.remove("v");
        line.remove("crc");
        line.put("processBegan", "2020-01-01T00:00:00Z");
        Files.delete(ledger().resolve(History.FILE));
        History.log(ledger()).append(line);

        assertThat(history().getFirst().state()).isEqualTo(State.KILLED);
    }

    @Test
    void lines_that_are_torn_or_were_changed_are_left_out() throws IOException {
        for (int i = 0; i < 3; i++) orders().run(q);
        Path file = ledger().resolve(History.FILE);
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        assertThat(lines).hasSize(6);

        lines.set(3, lines.get(3).replace("\"rows\":2002", "\"rows\":9999"));
        Files.write(file, lines);
        String torn = lines.getFirst().substring(0, 40);
        Files.writeString(file, torn, StandardOpenOption.APPEND);
        orders().run(q);

        List<RunRecord> runs = history();
        assertThat(runs)
                .extracting(RunRecord::run)
                .containsExactly("orders-4", "orders-3", "orders-2", "orders-1");
        assertThat(runs)
                .extracting(run -> run.last().rowsLoaded())
                .containsExactly(2_002L, 2_002L, 0L, 2_002L);
    }

    @Test
    void old_runs_go_when_there_are_many() throws IOException {
        JsonLog log = JsonLog.of(directory.resolve("log.jsonl"));
        Instant day = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < 100; i++)
            log.append(Map.of("at", day.plus(Duration.ofDays(i)), "i", i));

        log.trim(day.plus(Duration.ofDays(10)), 1 << 20);
        assertThat(log.read()).hasSize(90).first().extracting("i").isEqualTo(10L);
        log.trim(day, 2_000);
        assertThat(log.read().size()).isBetween(5, 30);
        assertThat(log.read().getLast()).containsEntry("i", 99L);
        assertThat(Files.size(directory.resolve("log.jsonl"))).isLessThan(1_001);
    }

    @Test
    void a_later_format_is_refused() throws IOException {
        Path file = directory.resolve("log.jsonl");
        String later = "{\"v\":2,\"at\":\"2026-01-01T00:00:00Z\"";
        var crc = new java.util.zip.CRC32C();
        crc.update(later.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Files.writeString(file, later + ",\"crc\":\"%08x\"}%n".formatted((int) crc.getValue()));

        assertThatThrownBy(() -> JsonLog.of(file).read())
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED));
    }

    @Test
    void an_observer_hears_of_steps_and_what_it_throws_fails_nothing() throws IOException {
        var heard = new ArrayList<String>();
        var ends = new ArrayList<RunEnd>();
        RunObserver listener =
                new RunObserver() {
                    @Override
                    public void stepped(RunStart run, String step, int done, int units) {
                        heard.add(step.split(" ", 2)[0] + " " + done);
                    }

                    @Override
                    public void ended(RunEnd run) {
                        ends.add(run);
                        throw new IllegalStateException("an observer that throws");
                    }
                };

        PipelineRun run = orders().observer(listener).run(q);

        assertThat(heard)
                .startsWith("extract 0", "load 0", "load 1")
                .contains("publish " + run.units());
        assertThat(ends)
                .singleElement()
                .satisfies(end -> {
                    assertThat(end.state()).isEqualTo(RunEnd.State.DONE);
                    assertThat(end.rowsRead()).isEqualTo(2_003);
                    assertThat(end.quarantinedShare()).isBetween(0.0004, 0.0006);
                    assertThat(end.failure()).isEqualTo(Optional.empty());
                });
    }

    @Test
    void an_observer_stops_a_run_behind_a_unit_and_it_goes_on_later() throws IOException {
        var stops = new boolean[] {false};
        RunObserver stopper =
                new RunObserver() {
                    @Override
                    public void stepped(RunStart run, String step, int done, int units) {
                        stops[0] = done == 1;
                    }

                    @Override
                    public boolean stops() {
                        return stops[0];
                    }
                };

        assertThatThrownBy(() -> orders().observer(stopper).run(q))
                .hasMessageContaining("was stopped behind a unit");
        assertThat(history().getFirst().state()).isEqualTo(State.STOPPED);
        assertThat(orders().isUnfinished()).isTrue();

        PipelineRun run = orders().run(q);
        assertThat(run.resumedUnits()).isEqualTo(1);
        assertThat(run.rowsLoaded()).isEqualTo(2_002);
        assertThat(orders().isUnfinished()).isFalse();
    }
}
