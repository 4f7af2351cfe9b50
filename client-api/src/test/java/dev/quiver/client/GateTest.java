package dev.quiver.client;

import static dev.quiver.dataframe.Functions.asc;
import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Gate;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import dev.quiver.dataframe.Written;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.GateFailed;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Gates: which rows they let through, and what becomes of the others.
final class GateTest {
    private static final Path FLIGHTS =
            Path.of(System.getProperty("quiver.root", ".."))
                    .resolve("examples/nycflights13/flights.csv.gz")
                    .toAbsolutePath();

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

        assertThat(lines(rows.rejects(gate).select("column", "rule", "raw")))
                .containsExactly(
                        "distance range"
                            + " {\"id\":2,\"origin\":\"XXX\",\"distance\":-5,\"tail\":\"N1234\"}",
                        "distance range"
                            + " {\"id\":4,\"origin\":\"JFK\",\"distance\":7000,\"tail\":\"N1\"}",
                        "tail matches"
                            + " {\"id\":5,\"origin\":\"JFK\",\"distance\":10,\"tail\":\"M1234\"}",
                        "id unique"
                            + " {\"id\":1,\"origin\":\"LGA\",\"distance\":10,\"tail\":\"N9999\"}");
    }
}
