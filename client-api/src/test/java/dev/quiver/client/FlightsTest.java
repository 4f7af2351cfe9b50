package dev.quiver.client;

import static dev.quiver.dataframe.Functions.asc;
import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.max;
import static dev.quiver.dataframe.Functions.mean;
import static dev.quiver.dataframe.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.On;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The flights of 2013 through files, joins and groups, beside DuckDB.
class FlightsTest {
    private static final Path DATA = data();

    private static Session q;
    private static Connection duck;

    private static Path data() {
        Path root = Path.of(System.getProperty("quiver.root", "..")).toAbsolutePath();
        Path data = root.resolve("examples/nycflights13");
        if (!Files.isDirectory(data)) throw new IllegalStateException("no flights at " + data);
        return data;
    }

    @BeforeAll
    static void open() throws SQLException {
        q = Quiver.local(Options.defaults().slots(2).quiet());
        duck = DriverManager.getConnection("jdbc:duckdb:");
        for (String name :
                List.of("flights.csv.gz", "airlines.csv", "planes.csv", "weather.csv.gz"))
            execute(
                    "create table %s as select * from read_csv('%s', nullstr=['NA',''])"
                            .formatted(name.substring(0, name.indexOf('.')), DATA.resolve(name)));
    }

    @AfterAll
    static void close() throws SQLException {
        q.close();
        duck.close();
    }

    private static void execute(String sql) throws SQLException {
        try (Statement statement = duck.createStatement()) {
            statement.execute(sql);
        }
    }

    private static DataFrame read(Session session, String name) {
        return session.read().nulls("NA").csv(DATA.resolve(name));
    }

    /// Rows as text, numbers rounded so that sums in another order agree.
    private static List<String> rows(DataFrame frame) {
        var lines = new ArrayList<String>();
        try (Table table = frame.collect()) {
            for (Row row : table.rows()) {
                var cells = new ArrayList<String>();
                for (String name : table.schema().names())
                    cells.add(row.find(name, Object.class).map(FlightsTest::text).orElse("null"));
                lines.add(String.join("|", cells));
            }
        }
        return lines;
    }

    private static List<String> rows(String sql) throws SQLException {
        var lines = new ArrayList<String>();
        try (Statement statement = duck.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                var cells = new ArrayList<String>();
                for (int i = 1; i <= columns; i++) {
                    Object value = result.getObject(i);
                    cells.add(value == null ? "null" : text(value));
                }
                lines.add(String.join("|", cells));
            }
        }
        return lines;
    }

    private static String text(Object value) {
        return value instanceof Double number ? "%.6g".formatted(number) : value.toString();
    }

    @Test
    void delays_by_carrier_with_names_agree_with_duckdb() throws SQLException {
        var ours =
                read(q, "flights.csv.gz")
                        .filter(col("dep_delay").gt(15))
                        .groupBy("carrier")
                        .agg(
                                count().as("late"),
                                mean("dep_delay").as("m"),
                                max("dep_delay").as("x"))
                        .join(read(q, "airlines.csv"), How.LEFT, On.keys("carrier"))
                        .sort(asc("carrier"));
        assertThat(rows(ours))
                .isEqualTo(
                        rows(
                                "select carrier, late, m, x, name from (select carrier, count(*)"
                                    + " late, avg(dep_delay) m, max(dep_delay) x from flights where"
                                    + " dep_delay > 15 group by carrier) left join airlines using"
                                    + " (carrier) order by carrier"));
    }

    @Test
    void joins_with_planes_and_weather_agree_with_duckdb() throws SQLException {
        var planes = read(q, "planes.csv").select("tailnum", "manufacturer", "seats");
        var ours =
                read(q, "flights.csv.gz")
                        .join(planes, How.LEFT, On.keys("tailnum"))
                        .groupBy("manufacturer")
                        .agg(count().as("n"), sum("distance").as("d"), sum("seats").as("s"))
                        .sort(asc("manufacturer"));
        assertThat(rows(ours))
                .isEqualTo(
                        rows(
                                "select manufacturer, count(*), sum(distance)::bigint,"
                                    + " sum(seats)::bigint from flights left join planes using"
                                    + " (tailnum) group by manufacturer order by manufacturer nulls"
                                    + " last"));

        var weather = read(q, "weather.csv.gz").select("origin", "time_hour", "visib");
        var hours =
                read(q, "flights.csv.gz")
                        .join(weather, How.LEFT, On.keys("origin", "time_hour"))
                        .groupBy("visib")
                        .agg(count().as("n"), mean("arr_delay").as("m"))
                        .sort(asc("visib"));
        assertThat(rows(hours))
                .isEqualTo(
                        rows(
                                "select visib, count(*), avg(arr_delay) from flights left join"
                                    + " weather using (origin, time_hour) group by visib order by"
                                    + " visib nulls last"));
    }
}
