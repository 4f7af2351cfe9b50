package dev.quiver.deploy;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import dev.quiver.pipeline.PipelineRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The demo's figures are those that DuckDB has.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DemoTest {
    private static final Path DATA = Clone.repository().resolve("examples").resolve("nycflights13");

    @TempDir private static Path directory;

    private final Session session = Quiver.local(Options.defaults().quiet());
    private final Connection duck;
    private final DataFrame joined;

    DemoTest() throws SQLException {
        duck = DriverManager.getConnection("jdbc:duckdb:");
        joined = new Flights(session, DATA).joined().persist();
    }

    @BeforeAll
    void join_in_duckdb() throws SQLException {
        try (var statement = duck.createStatement()) {
            for (String name :
                    List.of(
                            "flights.csv.gz",
                            "weather.csv.gz",
                            "planes.csv",
                            "airports.csv",
                            "airlines.csv")) {
                statement.execute(
                        "create table %s as from read_csv('%s', nullstr=['NA', ''])"
                                .formatted(name.replaceFirst("\\..*", ""), DATA.resolve(name)));
            }
            statement.execute(
                    """
                    create table joined as
                    select f.*, a.name airline, d.name destination, p.year built, p.seats,
                        w.temp, w.wind_speed, w.precip, w.visib
                    from flights f
                    left join airlines a using (carrier)
                    left join airports d on f.dest = d.faa
                    left join planes p using (tailnum)
                    left join weather w on f.origin = w.origin and f.time_hour = w.time_hour
                    """);
        }
    }

    @AfterAll
    void close_both() throws SQLException {
        duck.close();
        session.close();
    }

    @Test
    void what_is_missing_is_known() {
        try (Table table = Flights.missing(joined).collect()) {
            Row row = table.row(0);

            assertThat(table.schema().names().stream().map(name -> name + " " + row.getLong(name)))
                    .containsExactly(
                            "flights 336776",
                            "departure 8255",
                            "arrival 9430",
                            "plane 52606",
                            "airport 7602",
                            "weather 1556");
        }
    }

    @Test
    void delays_by_airline_are_those_of_duckdb() throws SQLException {
        assertSame(
                Flights.byAirline(joined).sort("airline"),
                """
                select airline, count(*), count(*) - count(dep_time),
                    avg(case when dep_delay > 15 then 1.0 else 0.0 end),
                    avg(dep_delay), avg(arr_delay)
                from joined group by all order by airline
                """);
    }

    @Test
    void delays_by_month_are_those_of_duckdb() throws SQLException {
        assertSame(
                Flights.byMonth(joined),
                """
                select month, count(*), count(*) - count(dep_time),
                    avg(case when dep_delay > 15 then 1.0 else 0.0 end),
                    avg(dep_delay), avg(arr_delay)
                from joined group by all order by month
                """);
    }

    @Test
    void delays_by_route_are_those_of_duckdb() throws SQLException {
        assertSame(
                Flights.byRoute(joined),
                """
                select origin, dest, destination, count(*),
                    avg(case when dep_delay > 15 then 1.0 else 0.0 end), avg(arr_delay)
                from joined group by all order by 4 desc, 1, 2
                """);
    }

    @Test
    void delays_by_weather_are_those_of_duckdb() throws SQLException {
        assertSame(
                Flights.byWeather(joined).sort("weather"),
                """
                select case when visib is null then 'unknown' when visib < 2 then 'fog'
                        when precip > 0 then 'rain or snow' when wind_speed > 20 then 'strong wind'
                        when temp < 32 then 'frost' else 'fair' end weather,
                    count(*), count(*) - count(dep_time),
                    avg(case when dep_delay > 15 then 1.0 else 0.0 end), avg(dep_delay)
                from joined group by all order by weather
                """);
    }

    @Test
    void it_prints_tables_of_80_columns_and_writes_files_that_duckdb_reads() throws Exception {
        Path out = Files.createDirectories(directory.resolve("demo files"));

        String text = demo(out);

        System.out.println(text);
        assertThat(text.lines().filter(line -> !line.contains(out.toString())))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(text)
                .contains(
                        "327,346 flights",
                        "United Air Lines Inc.",
                        "What is missing",
                        "departed",
                        "8255")
                .contains("encoding saved");
        assertThat(
                        rows(
                                """
                                select count(*), count(distinct month)
                                from read_parquet('%s/flights/*/*.parquet', hive_partitioning=true)
                                """
                                        .formatted(out)))
                .containsExactly(List.of(327_346L, 12L));
        assertThat(
                        rows(
                                "select sum(flights)::bigint from read_csv('%s/delays_by_route.csv')"
                                        .formatted(out)))
                .containsExactly(List.of(327_346L));
        assertThat(session.read().parquet(out.resolve("flights/month=2") + "/*.parquet").count())
                .isEqualTo(joined.filter(col("month").eq(2)).dropNull("arr_delay").count());
        assertThat(session.read().parquet(out.resolve("quarantine") + "/").count())
                .isEqualTo(9_430);
    }

    @Test
    void a_demo_that_was_killed_goes_on_and_a_finished_one_starts_anew() throws Exception {
        Path out = directory.resolve("killed");
        Process victim = demoProcess(out);
        Path log = out.resolve("ledger/ledger.log");
        while (victim.isAlive() && (!Files.exists(log) || Files.size(log) < 1000)) Thread.sleep(1);
        victim.destroyForcibly().waitFor();

        PipelineRun resumed = new Flights(session, DATA).load(out).run(session);
        PipelineRun anew = new Flights(session, DATA).load(out).run(session);

        for (PipelineRun run : List.of(resumed, anew)) {
            assertThat(run.rowsLoaded()).isEqualTo(327_346);
            assertThat(run.quarantined()).isEqualTo(9_430);
        }
        assertThat(resumed.id()).isEqualTo("demo-1");
        assertThat(anew.id()).isEqualTo("demo-2");
    }

    private static Process demoProcess(Path out) throws IOException {
        ProcessBuilder demo = Spoken.process("demo", "--out", out.toString());
        demo.command().add(1, "-Dquiver.root=" + Clone.repository());
        return demo.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private String demo(Path out) {
        var bytes = new ByteArrayOutputStream();
        PrintStream before = System.out;
        try (var stream = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(stream);
            new Demo(session, DATA, out, stream).run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void assertSame(DataFrame ours, String query) throws SQLException {
        List<List<Object>> wanted = rows(query);
        try (Table table = ours.collect()) {
            assertThat(table.rowCount()).isEqualTo(wanted.size());
            List<String> names = table.schema().names();
            for (int i = 0; i < wanted.size(); i++) {
                for (int column = 0; column < names.size(); column++) {
                    String name = names.get(column);
                    String place = "row %d, %s".formatted(i, name);
                    assertEqual(table.row(i), name, wanted.get(i).get(column), place);
                }
            }
        }
    }

    private static void assertEqual(Row row, String name, Object wanted, String place) {
        switch (wanted) {
            case Double number ->
                    assertThat(row.getDouble(name)).as(place).isCloseTo(number, within(1e-9));
            case Number number ->
                    assertThat(row.getLong(name)).as(place).isEqualTo(number.longValue());
            case String text when text.equals("null") ->
                    assertThat(row.isNull(name)).as(place).isTrue();
            default -> assertThat(row.getString(name)).as(place).isEqualTo(wanted);
        }
    }

    /// The rows of a query; a null is the text `null`.
    private List<List<Object>> rows(String query) throws SQLException {
        var rows = new ArrayList<List<Object>>();
        try (var statement = duck.createStatement();
                ResultSet results = statement.executeQuery(query)) {
            int columns = results.getMetaData().getColumnCount();
            while (results.next()) {
                var row = new ArrayList<Object>();
                for (int i = 1; i <= columns; i++) {
                    Object value = results.getObject(i);
                    row.add(value == null ? "null" : value);
                }
                rows.add(row);
            }
        }
        return rows;
    }
}
