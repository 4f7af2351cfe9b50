package dev.quiver.pipeline;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.ChunkSize;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Gate;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.On;
import dev.quiver.dataframe.Table;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a pipeline promises when nothing goes wrong, and what it refuses.
final class PipelineTest {
    private static final int ROWS = 40_000;

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

    private Pipeline flights() {
        String file = csv.toString();
        return Pipeline.named("flights")
                .ledger(out.resolve("ledger").toString())
                .extract(read -> read.nulls("NA").chunkBytes("512KB").csv(file));
    }

    private FileLoad parquet(String name) {
        return Load.parquet(out.resolve(name).toString());
    }

    private long rows(String name) {
        return q.read().parquet(out.resolve(name).toString()).count();
    }

    @Test
    void rows_stream_through_transforms_into_parts_one_for_each_unit() throws IOException {
        String airlines = FlightFiles.examples().resolve("airlines.csv").toString();

        PipelineRun run =
                flights()
                        .transform(df -> df.filter(col("arr_delay").isNotNull()))
                        .transform(df ->
                                df.join(q.read().csv(airlines), How.INNER, On.keys("carrier")))
                        .load(parquet("flights"))
                        .run(q);

        assertThat(run.id()).isEqualTo("flights-1");
        long arrived = q.read().nulls("NA").csv(csv).dropNull("arr_delay").count();
        assertThat(run.rowsLoaded()).isEqualTo(arrived);
        assertThat(run.units()).isGreaterThan(5);
        assertThat(run.resumedUnits()).isZero();
        assertThat(rows("flights")).isEqualTo(arrived);
        assertThat(FlightFiles.contents(out.resolve("flights")))
                .hasSize(run.units())
                .containsKeys("part-00000.parquet", "part-00005.parquet");
        assertThat(names(out)).containsExactly("flights", "ledger");
    }

    @Test
    void files_have_the_size_that_is_asked_for_and_units_stay_units() throws IOException {
        FileLoad sized = parquet("sized").fileSize(ChunkSize.rows(1500));

        PipelineRun run = flights().load(sized).run(q);

        assertThat(run.units()).isGreaterThan(5);
        assertThat(rows("sized")).isEqualTo(ROWS);
        List<String> files = names(out.resolve("sized"));
        assertThat(files).hasSizeGreaterThan(2 * run.units()).contains("part-00001-00002.parquet");
        for (String file : files) {
            long rows = rows("sized/" + file);
            String next = file.replaceFirst("\\d{5}(?=\\.)", "%05d".formatted(number(file) + 1));
            if (files.contains(next)) assertThat(rows).as(file).isEqualTo(1500);
            else assertThat(rows).as(file).isBetween(1L, 1500L);
        }
        assertThatThrownBy(() -> parquet("none").fileSize(ChunkSize.bytes("much")))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("much");
    }

    @Test
    void a_run_tells_how_its_rows_differ_from_those_of_the_last_one() {
        Pipeline all = flights().load(parquet("drifting").partitionBy("month").overwrite()).drift();
        assertThat(all.run(q).drift()).isEmpty();
        assertThat(all.run(q).drift()).isEmpty();
        assertThat(all.lastDrift()).isEmpty();

        Pipeline half =
                flights()
                        .transform(
                                df -> df.filter(col("flight").lt(1000)).withColumn("more", lit(1L)))
                        .load(parquet("drifting").partitionBy("month").overwrite())
                        .drift();
        PipelineRun run = half.run(q);

        assertThat(run.drift())
                .first()
                .asString()
                .startsWith("%,d rows, were %,d (-".formatted(run.rowsLoaded(), ROWS));
        assertThat(run.drift())
                .anySatisfy(told -> assertThat(told).startsWith("flight ranges from 1 to 998,"))
                .contains("more is new");
        assertThat(half.lastDrift()).isEqualTo(run.drift());
        assertThat(half.explain(q)).contains("report drift");
        Pipeline none =
                flights()
                        .transform(df -> df.filter(col("flight").lt(0)))
                        .load(parquet("drifting").partitionBy("month").overwrite())
                        .drift();
        assertThat(none.run(q).drift())
                .containsExactly("0 rows, were %,d (-100.0 %%)".formatted(run.rowsLoaded()));
    }

    @Test
    void drift_of_added_rows_is_that_of_the_added_rows() {
        Pipeline added = flights().load(parquet("added").append()).drift();
        added.run(q);

        assertThat(added.run(q).drift()).isEmpty();
        assertThat(rows("added")).isEqualTo(2 * ROWS);
    }

    private static int number(String part) {
        return Integer.parseInt(part.substring(part.lastIndexOf('-') + 1, part.indexOf('.')));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void a_finished_pipeline_starts_anew_and_asks_what_becomes_of_the_target() {
        Pipeline create = flights().load(parquet("new"));
        create.run(q);

        assertThatThrownBy(() -> create.run(q))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("is there already   (TARGET_EXISTS)")
                .hasMessageContaining("say overwrite() or append()");

        PipelineRun second = flights().load(parquet("new").overwrite()).run(q);
        assertThat(second.id()).isEqualTo("flights-2");
        assertThat(rows("new")).isEqualTo(ROWS);

        PipelineRun third = flights().load(parquet("new").append()).run(q);
        assertThat(third.id()).isEqualTo("flights-3");
        assertThat(rows("new")).isEqualTo(2 * ROWS);
    }

    @Test
    void a_transform_that_groups_is_refused_before_anything_is_written() throws IOException {
        Pipeline grouped =
                flights()
                        .transform(df -> df.groupBy("carrier").agg(count()))
                        .load(parquet("counts"));

        assertThatThrownBy(() -> grouped.run(q))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_INVALID))
                .hasMessageContaining("pipeline 'flights' stopped in extract: GroupBy[carrier: ")
                .hasMessageContaining("needs more than one row at a time, and a load streams")
                .hasMessageContaining("in report(…)");
        assertThat(names(out)).containsExactly("ledger");
    }

    @Test
    void several_sources_loads_and_branches_are_published_together() {
        PipelineRun run =
                flights()
                        .extract(read -> read.nulls("NA").csv(csv.toString()))
                        .load(parquet("all"))
                        .branch(
                                "late",
                                df ->
                                        df.filter(col("arr_delay").gt(60))
                                                .select("carrier", "flight"),
                                Load.csv(out.resolve("late").toString()).partitionBy("carrier"))
                        .report(
                                "carriers",
                                df -> df.groupBy("carrier").agg(count()).sort("carrier"))
                        .run(q);

        assertThat(rows("all")).isEqualTo(2 * ROWS);
        long late = q.read().nulls("NA").csv(csv).filter(col("arr_delay").gt(60)).count();
        assertThat(q.read().csv(out + "/late/*/*.csv").count()).isEqualTo(2 * late);
        assertThat(run.rowsLoaded()).isEqualTo(2 * ROWS + 2 * late);
        assertThat(run.report("carriers").rowCount()).isEqualTo(16);
        assertThat(run.steps().stream().map(PipelineRun.StepRun::name))
                .containsExactly(
                        "extract",
                        "load parquet " + out.resolve("all"),
                        "branch late: load csv " + out.resolve("late"),
                        "publish",
                        "report carriers");
    }

    @Test
    void parameters_stand_in_names_and_paths() {
        String directory = data.toString();
        PipelineRun run =
                Pipeline.named("flights-${year}")
                        .parameter("year", "2013")
                        .parameter("file", "flights")
                        .ledger(out + "/ledger/${year}")
                        .extract(read -> read.nulls("NA").csv(directory + "/${file}.csv"))
                        .load(parquet("year=${year}"))
                        .run(q);

        assertThat(run.id()).isEqualTo("flights-2013-1");
        assertThat(rows("year=2013")).isEqualTo(ROWS);
        assertThat(out.resolve("ledger/2013/ledger.log")).exists();
    }

    @Test
    void a_dry_run_counts_and_shows_and_writes_nothing() throws IOException {
        Pipeline gated =
                flights()
                        .gate(
                                Gate.rules()
                                        .notNull("dep_time")
                                        .named("departed")
                                        .quarantine(out.resolve("bad").toString()))
                        .load(parquet("flights"));

        DryRun tried = gated.dryRun(q, 1000);

        DryRun.Trial load = tried.loads().getFirst();
        assertThat(load.name()).startsWith("load parquet ");
        assertThat(load.turnedAway())
                .extracting(DryRun.RuleCount::rule)
                .containsExactly("departed");
        assertThat(load.rows() + load.turnedAway().getFirst().rows()).isEqualTo(1000);
        assertThat(load.sample().rowCount()).isEqualTo(10);
        assertThat(tried.toString())
                .startsWith("with the first 1,000 rows of each extract:\nload parquet ")
                .contains(" rows would be loaded\n  ", " rows break 'departed'\n");
        assertThat(names(out)).isEmpty();
    }

    @Test
    void a_dry_run_reads_columns_as_its_gate_declares_them() {
        Pipeline gated =
                flights()
                        .gate(
                                Gate.rules()
                                        .type("arr_delay", DataType.FLOAT64)
                                        .type("flight", DataType.UTF8)
                                        .quarantine(out.resolve("bad").toString()))
                        .load(parquet("flights"));

        Table sample = gated.dryRun(q, 1000).loads().getFirst().sample();

        assertThat(sample.schema().type("arr_delay")).isEqualTo(DataType.FLOAT64);
        assertThat(sample.schema().type("flight")).isEqualTo(DataType.UTF8);
    }

    @Test
    void explain_says_what_would_run() {
        String text =
                flights()
                        .transform(df -> df.filter(col("arr_delay").gt(60)))
                        .load(parquet("late"))
                        .report("count", df -> df.agg(count()))
                        .explain(q);

        assertThat(text)
                .startsWith("run flights-1\nledger: " + out.resolve("ledger"))
                .contains("load parquet " + out.resolve("late") + ": ")
                .contains("  Filter[arr_delay > 60]\n    Scan[flights.csv]\n")
                .endsWith("report count\n");
    }

    private Pipeline small(String name, String input, String output) {
        return Pipeline.named(name)
                .ledger(out.resolve("ledger-" + name).toString())
                .extract(read -> read.csv(input))
                .load(Load.csv(out.resolve(output).toString()));
    }

    @Test
    void pipelines_run_behind_those_they_need_and_go_on_where_they_were() throws IOException {
        Files.writeString(out.resolve("in.csv"), "a\n1\n2\n");
        Pipeline first = small("first", out.resolve("in.csv").toString(), "one");
        Pipeline second = small("second", out.resolve("one") + "/*.csv", "two").after("first");
        Pipeline third =
                small("third", out.resolve("later.csv").toString(), "three").after("second");
        Pipelines all =
                Pipelines.of("all", third, second, first).ledger(out.resolve("all").toString());
        assertThat(all.names()).containsExactly("first", "second", "third");

        assertThatThrownBy(() -> all.run(q)).hasMessageContaining("later.csv");
        Files.writeString(out.resolve("later.csv"), "a\n3\n");
        List<PipelineRun> runs = all.run(q);

        assertThat(runs).extracting(PipelineRun::id).containsExactly("third-1");
        assertThat(q.read().csv(out.resolve("two") + "/*.csv").count()).isEqualTo(2);
        assertThatThrownBy(() -> all.run(q)).hasMessageContaining("is there already");
    }

    @Test
    void a_step_behind_the_last_load_is_refused() throws IOException {
        Pipeline late = flights().load(parquet("all")).transform(df -> df.limit(3));

        assertThatThrownBy(() -> late.run(q))
                .hasMessageContaining("has steps behind its last load, which change nothing")
                .hasMessageContaining("transform(…) and gate(…) before the load(…)");
        assertThat(names(out)).containsExactly("ledger");
    }

    @Test
    void a_circle_of_pipelines_and_a_missing_one_are_refused() {
        Pipeline a = small("a", "x", "a").after("b");
        Pipeline b = small("b", "x", "b").after("a");

        assertThatThrownBy(() -> Pipelines.of("both", a, b))
                .hasMessageContaining("pipelines wait for each other: a → b → a");
        assertThatThrownBy(() -> Pipelines.of("one", a))
                .hasMessageContaining("pipeline 'a' runs after 'b', which isn't there");
    }

    @Test
    void all_flights_of_the_year_that_departed_and_arrived_are_loaded() {
        String year = FlightFiles.examples().resolve("flights.csv.gz").toString();

        PipelineRun run =
                Pipeline.named("year")
                        .ledger(out.resolve("ledger").toString())
                        .extract(read -> read.nulls("NA").csv(year))
                        .gate(
                                Gate.rules()
                                        .notNull("dep_time")
                                        .named("departed")
                                        .notNull("arr_delay")
                                        .named("arrived")
                                        .quarantine(out.resolve("bad").toString()))
                        .load(parquet("year"))
                        .load(Load.csv(out.resolve("again").toString()).partitionBy("month"))
                        .run(q);

        assertThat(run.rowsLoaded()).isEqualTo(2 * 327_346);
        assertThat(run.quarantined()).isEqualTo(9_430);
        assertThat(rows("bad")).isEqualTo(9_430);
        DataFrame bad = q.read().parquet(out.resolve("bad").toString());
        assertThat(bad.filter(col("rule").eq("departed")).count()).isEqualTo(8_255);
        assertThat(bad.filter(col("run").eq("year-1")).count()).isEqualTo(9_430);
    }
}
