package dev.quiver.client;

import static dev.quiver.dataframe.Functions.asc;
import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.max;
import static dev.quiver.dataframe.Functions.min;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Gate;
import dev.quiver.dataframe.Profile;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import dev.quiver.dataframe.Written;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.GateFailed;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Gates: which rows they let through, and what becomes of the others.
final class GateTest {
    private static final Path FLIGHTS =
            Path.of(System.getProperty("quiver.root", ".."))
                    .resolve("examples/nycflights13/flights.csv.gz")
                    .toAbsolutePath()
                    .normalize();

    private static Session q;

    @TempDir private Path folder;

    @BeforeAll
    static void open() {
        q = Quiver.local(Options.defaults().slots(2).quiet());
    }

    @AfterAll
    static void close() {
        q.close();
    }

    private static DataFrame flights() {
        return q.read().nulls("NA").csv(FLIGHTS);
    }

    private static Gate completed() {
        return Gate.rules()
                .notNull("dep_time")
                .named("departed")
                .notNull("arr_delay")
                .named("arrived");
    }

    private Path csv(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    /// Rows as text, values beside each other.
    private static List<String> lines(DataFrame frame) {
        var lines = new ArrayList<String>();
        try (Table table = frame.collect()) {
            for (Row row : table.rows()) {
                var values = new ArrayList<String>();
                for (String name : table.schema().names())
                    values.add(String.valueOf(row.find(name, Object.class).orElse(null)));
                lines.add(String.join(" ", values));
            }
        }
        return lines;
    }

    @Test
    void flights_that_did_not_depart_or_arrive_go_to_quarantine_beside_the_output() {
        Path out = folder.resolve("flights.parquet");
        Path bad = folder.resolve("bad");
        Gate gate = completed().quarantine(bad + "/");

        Written written = flights().gate(gate).write().parquet(out.toString());

        assertThat(written.rows()).isEqualTo(327_346);
        DataFrame kept = q.read().parquet(bad.toString());
        assertThat(lines(kept.groupBy("rule", "column").agg(count()).sort(asc("rule"))))
                .containsExactly("arrived arr_delay 1175", "departed dep_time 8255");
    }

    @Test
    void the_first_bad_row_stops_a_load_without_quarantine() {
        Path out = folder.resolve("flights.parquet");

        assertThatThrownBy(() -> flights().gate(completed()).write().parquet(out.toString()))
                .isInstanceOf(GateFailed.class)
                .hasMessageContaining("a row breaks the gate's rule 'arrived': arr_delay is null")
                .hasMessageContaining(FLIGHTS + ", line 473")
                .hasMessageContaining(
                        "row: 2013,1,1,1525,1530,-5,1934,1805,NA,MQ,4525,N719MQ,LGA,XNA")
                .hasMessageContaining("GateTest.java");
        assertThat(out).doesNotExist();
    }

    @Test
    void too_many_bad_rows_stop_a_load_and_nothing_is_published() {
        Path out = folder.resolve("flights.parquet");
        Path bad = folder.resolve("bad");
        Gate gate = completed().quarantine(bad.toString());

        assertThatThrownBy(() ->
                        flights().gate(gate.atMostShare(0.02)).write().parquet(out.toString()))
                .isInstanceOf(GateFailed.class)
                .hasMessageContaining("turned away 9,430 of 336,776 rows (2.80 %)")
                .hasMessageContaining("more than the 2 % of the rows that it may");
        assertThatThrownBy(() ->
                        flights().gate(gate.atMostRows(9_429)).write().parquet(out.toString()))
                .isInstanceOf(GateFailed.class);

        assertThat(out).doesNotExist();
        assertThat(bad).doesNotExist();
        assertThat(folder).isEmptyDirectory();
        Written enough = flights().gate(gate.atMostRows(9_430)).write().parquet(out.toString());
        assertThat(enough.rows()).isEqualTo(327_346);
    }

    @Test
    void a_gate_that_keeps_bad_rows_wants_its_frame_written() {
        DataFrame gated = flights().gate(completed().quarantine("bad"));

        assertThatThrownBy(gated::count)
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("isn't written")
                .hasMessageContaining("df.rejects(gate)")
                .extracting(e -> ((QuiverException) e).code())
                .isEqualTo(ErrorCode.PLAN_INVALID);
        assertThat(gated.explain()).contains("Gate[departed, arrived]");
    }

    @Test
    void a_bad_row_is_counted_under_the_first_rule_that_it_breaks() throws IOException {
        DataFrame rows =
                q.read()
                        .csv(
                                csv(
                                        "rows.csv",
                                        """
                                        id,origin,distance,tail
                                        1,EWR,100,N1234
                                        2,XXX,-5,N1234
                                        3,,50,
                                        4,JFK,7000,N1
                                        5,JFK,10,M1234
                                        1,LGA,10,N9999
                                        2,LGA,10,N9999
                                        """));
        Gate gate =
                Gate.rules()
                        .unique("id")
                        .range("distance", 1, 6000)
                        .oneOf("origin", "EWR", "JFK", "LGA")
                        .length("tail", 5, 6)
                        .matches("tail", "N.*")
                        .check("short", col("distance").lt(6500));

        assertThat(lines(rows.rejects(gate).select("row", "column", "rule", "raw")))
                .containsExactly(
                        "3 distance range 2,XXX,-5,N1234",
                        "5 distance range 4,JFK,7000,N1",
                        "6 tail matches 5,JFK,10,M1234",
                        "7 id unique 1,LGA,10,N9999");
    }

    @Test
    void rows_of_json_and_xml_that_can_not_be_read_are_bad_rows() throws IOException {
        Path lines =
                csv(
                        "rows.jsonl",
                        "{\"id\":1}\n{\"id\":\"two\"}\n{\"id\":3\n{\"id\":1}\n{\"id\":5}\n");
        Path xml =
                csv("rows.xml", "<r>\n<i id='1'/>\n<i id='two'/>\n<i id='1'/>\n<i id='5'/>\n</r>");
        Gate gate = Gate.rules().type("id", DataType.INT64).unique("id");

        assertThat(lines(q.read().json(lines).rejects(gate).select("row", "column", "rule", "raw")))
                .containsExactly(
                        "2 id type {\"id\":\"two\"}",
                        "3 null shape {\"id\":3",
                        "4 id unique {\"id\":1}");
        assertThat(
                        lines(
                                q.read()
                                        .xml("i", xml.toString())
                                        .rejects(gate)
                                        .select("row", "column", "rule", "raw")))
                .containsExactly("3 id type <i id=\"two\"></i>", "4 id unique <i id=\"1\"></i>");
        Gate kept = gate.quarantine(folder.resolve("bad").toString());
        String out = folder.resolve("good.parquet").toString();
        assertThat(q.read().json(lines).gate(kept).write().parquet(out).rows()).isEqualTo(2);
    }

    @Test
    void files_of_which_hardly_a_row_can_be_read_fit_a_small_budget() throws IOException {
        int rows = 50_000;
        String text = "some text ".repeat(70);
        Path types = csv("types.csv", "id,name\n1,a\n" + ("x," + text + "\n").repeat(rows));
        String shape = "2,\"b\"%s\n".formatted(text);
        Path shapes = csv("shapes.csv", "id,name\n1,a\n" + shape.repeat(rows));
        Path zipped = folder.resolve("zipped.csv.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            out.write(Files.readAllBytes(shapes));
        }
        String value = "{\"id\":\"%s\"}\n".formatted(text);
        Path values = csv("values.jsonl", "{\"id\":1}\n" + value.repeat(rows));
        String open = "{\"id\":\"%s\n".formatted(text);
        Path cut = csv("cut.jsonl", "{\"id\":1}\n" + open.repeat(rows));
        Gate gate = Gate.rules().type("id", DataType.INT64);

        try (Session small = Quiver.local(Options.defaults().slots(1).memory("32MB").quiet())) {
            for (Path file : List.of(types, shapes, zipped, values, cut)) {
                boolean isCsv = file.toString().contains(".csv");
                DataFrame frame = isCsv ? small.read().csv(file) : small.read().json(file);
                String bad = file + "-bad/";
                Gate kept = gate.quarantine(bad);
                String good = file + ".parquet";

                assertThat(frame.gate(kept).write().parquet(good).rows()).as("%s", file).isOne();
                DataFrame away = q.read().parquet(bad);
                int first = isCsv ? 3 : 2;
                assertThat(lines(away.agg(count(), min("row"), max("row"))))
                        .as("%s", file)
                        .containsExactly("%d %d %d".formatted(rows, first, first + rows - 1));
                assertThat(away.select("row").distinct().count()).isEqualTo(rows);
                assertThat(frame.rejects(gate).count()).as("%s", file).isEqualTo(rows);
            }
        }
    }

    record Tail(String tail) {}

    @Test
    void functions_and_keys_are_rules_too() throws IOException {
        DataFrame rows =
                q.read()
                        .csv(
                                csv(
                                        "rows.csv",
                                        """
                                        tail,code,at
                                        N1,AA,2013-01-02
                                        N2,XX,2013-01-02
                                        M1,AA,2013-01-02
                                        ,,2012-12-31
                                        """));
        DataFrame codes = q.read().csv(csv("codes.csv", "iata\nAA\nUA\n"));
        Gate gate =
                Gate.rules()
                        .foreignKey("code", codes, "iata")
                        .check(
                                "ours",
                                Tail.class,
                                t -> t.tail() == null || t.tail().startsWith("N"))
                        .asOf(Instant.parse("2013-01-03T00:00:00Z"))
                        .fresh("at", Duration.ofDays(2));

        assertThat(lines(rows.rejects(gate).select("row", "column", "rule")))
                .containsExactly("3 code foreignKey", "4 null ours", "5 at fresh");
    }

    @Test
    void a_gate_of_yaml_is_the_gate_that_was_printed() throws IOException {
        Gate gate =
                Gate.rules()
                        .type("id", DataType.INT64)
                        .notNull("id")
                        .named("has an id")
                        .range("distance", 1, 6000.5)
                        .atLeast("day", LocalDate.of(2013, 1, 1))
                        .length("tail", 2, 6)
                        .matches("tail", "N[0-9]*\"?")
                        .oneOf("origin", "EWR", "no", "1")
                        .unique("id", "day")
                        .foreignKey("carrier", "airlines.csv", "carrier")
                        .check("ordered", col("departed").le(col("arrived")))
                        .fresh("day", Duration.ofDays(1))
                        .quarantine("out/bad/")
                        .atMostRows(10)
                        .atMostShare(0.5);

        Gate again = Gate.yaml(csv("gate.yaml", gate.toYaml()));

        assertThat(again.toYaml()).isEqualTo(gate.toYaml()).contains("named: \"has an id\"");
    }

    @Test
    void yaml_that_makes_no_sense_is_refused_with_the_word_meant() throws IOException {
        Path file = csv("gate.yaml", "rules:\n  - notnull: dep_time\n");

        assertThatThrownBy(() -> Gate.yaml(file))
                .hasMessageContaining("no word 'notnull'")
                .hasMessageContaining("did you mean 'notNull'?")
                .hasMessageContaining("gate.yaml");
    }

    @Test
    void a_profile_proposes_a_gate_that_its_own_rows_pass() throws IOException {
        Profile profile = Profile.of(flights());
        Gate proposed = Gate.yaml(csv("proposed.yaml", profile.gate().toYaml()));

        assertThat(profile.gate().toYaml())
                .contains("- oneOf: {column: origin, values: [EWR, JFK, LGA]}")
                .contains("- range: {column: distance, min: 17, max: 4983}")
                .contains("- notNull: carrier")
                .doesNotContain("notNull: dep_time");
        assertThat(flights().rejects(proposed).count()).isZero();
    }

    @Test
    void drift_is_told_in_sentences() throws IOException {
        String head = "id,origin,distance,tail\n";
        var first = new StringBuilder(head);
        var second = new StringBuilder("id,origin,distance,tail,more\n");
        for (int i = 0; i < 100; i++) {
            first.append("%d,%s,%d,N1\n".formatted(i, i % 2 == 0 ? "EWR" : "JFK", 100 + i));
            String origin = i % 3 == 0 ? "LGA" : "EWR";
            String distance = i < 5 ? "" : "" + (150 + i);
            second.append("%d,%s,%s,N1,1\n".formatted(i, origin, distance));
        }
        Profile before = Profile.of(q.read().csv(csv("first.csv", first.toString())));
        Profile now = Profile.of(q.read().csv(csv("second.csv", second.toString())));

        Profile kept = Profile.json(csv("profile.json", before.toJson()));

        assertThat(kept).isEqualTo(before);
        assertThat(before.driftSince(kept)).isEmpty();
        assertThat(now.driftSince(kept))
                .containsExactly(
                        "origin has new values: 'LGA'",
                        "distance is null in 5.0 % of the rows, was in 0.0 %",
                        "distance goes up to 249, went up to 199",
                        "more is new");
    }

    @Test
    void fewer_rows_and_narrower_ranges_are_drift() throws IOException {
        var first = new StringBuilder("id,day\n");
        for (int i = 0; i < 1000; i++)
            first.append("%d,%s\n".formatted(i, LocalDate.ofEpochDay(15_000 + i)));
        String text = first.toString();
        Profile before = Profile.of(q.read().csv(csv("first.csv", text)));
        int end = text.indexOf("\n400,") + 1;
        Profile now = Profile.of(q.read().csv(csv("second.csv", text.substring(0, end))));

        assertThat(now.driftSince(Profile.ofJson(before.toJson())))
                .containsExactly(
                        "400 rows, were 1,000 (-60.0 %)",
                        "id ranges from 0 to 399, ranged from 0 to 999",
                        "day ranges from 2011-01-26 to 2012-02-29, ranged from 2011-01-26 to"
                                + " 2013-10-21");
    }

    @Test
    void parquet_rows_have_their_number_and_are_kept_as_json() {
        Path all = folder.resolve("all.parquet");
        flights()
                .select("dep_time", "arr_delay", "carrier", "time_hour")
                .write()
                .parquet(all.toString());

        List<String> rejects =
                lines(q.read().parquet(all.toString()).rejects(completed()).limit(1));

        assertThat(rejects)
                .containsExactly(
                        all
                                + " 472 arr_delay arrived {\"dep_time\":1525,\"arr_delay\":null,"
                                + "\"carrier\":\"MQ\",\"time_hour\":\"2013-01-01T20:00:00Z\"} ");
    }

    @Test
    void bad_rows_are_kept_whatever_becomes_of_the_good_ones() throws IOException {
        var text = new StringBuilder("id,qty\n");
        for (int i = 0; i < 2000; i++) text.append(i).append(',').append(i % 10).append('\n');
        Path csv = csv("many.csv", text.toString());
        Gate gate = Gate.rules().range("qty", 0, 8);
        DataFrame rows = q.read().chunkBytes("2KB").csv(csv);

        for (String name : List.of("one", "limited", "grouped", "sorted", "joined")) {
            Path bad = folder.resolve(name + "-bad.csv");
            DataFrame gated = rows.gate(gate.quarantine(bad.toString()));
            DataFrame made =
                    switch (name) {
                        case "limited" -> gated.limit(5);
                        case "grouped" -> gated.groupBy("qty").agg(count().as("rows"));
                        case "sorted" -> gated.sort("qty");
                        case "joined" -> gated.union(gated);
                        default -> gated;
                    };
            made.write().parquet(folder.resolve(name + ".parquet").toString());

            DataFrame kept = q.read().csv(bad + "/*.csv");
            assertThat(kept.count()).as(name).isEqualTo(200);
            assertThat(kept.select("row").distinct().count()).as(name).isEqualTo(200);
        }
    }

    @Test
    void an_overwritten_output_takes_its_quarantine_with_it_and_a_new_one_must_be_free()
            throws IOException {
        Path bad = folder.resolve("bad");
        Path out = folder.resolve("out.parquet");
        Gate gate = Gate.rules().notNull("b").quarantine(bad.toString());
        DataFrame dirty = q.read().csv(csv("dirty.csv", "a,b\n1,\n2,3\n"));
        DataFrame clean = q.read().csv(csv("clean.csv", "a,b\n1,2\n2,3\n"));
        dirty.gate(gate).write().parquet(out.toString());

        assertThatThrownBy(() ->
                        clean.gate(gate)
                                .write()
                                .parquet(folder.resolve("other.parquet").toString()))
                .hasMessageContaining("bad' is there already");
        clean.gate(gate).write().overwrite().parquet(out.toString());

        assertThat(q.read().parquet(bad.toString()).count()).isZero();
        assertThat(q.read().parquet(out.toString()).count()).isEqualTo(2);
    }
}
