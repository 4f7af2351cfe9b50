package dev.quiver.client;

import static dev.quiver.dataframe.Functions.asc;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.desc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Plot;
import dev.quiver.error.ColumnNotFound;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TypeMismatch;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class PlotTest {
    private static final Path FLIGHTS = Path.of("..", "examples", "nycflights13", "flights.csv.gz");

    @TempDir Path directory;
    private static Session q;
    private static DataFrame flights;

    record Measured(String name, @Nullable Double value) {}

    record Day(LocalDate day, int number) {}

    @BeforeAll
    static void open() {
        q = Quiver.local(Options.defaults().quiet());
        flights = q.read().nulls("NA").csv(FLIGHTS.toString()).persist();
    }

    @AfterAll
    static void close() {
        q.close();
    }

    private static DataFrame measured(@Nullable Double... values) {
        var rows = new ArrayList<Measured>();
        for (int i = 0; i < values.length; i++) rows.add(new Measured("m" + i, values[i]));
        return q.of(Measured.class, rows);
    }

    /// How often an element is in a picture, which must be well formed.
    private static int elements(Plot plot, String name) throws Exception {
        var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        return builder.parse(new InputSource(new StringReader(plot.svg())))
                .getElementsByTagName(name)
                .getLength();
    }

    private static List<String> labels(Plot plot) {
        return Pattern.compile("<text[^>]*>([^<]*)</text>")
                .matcher(plot.svg())
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static void assertFits(Plot plot) {
        assertThat(plot.toString().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void bars_stand_for_rows_in_their_order() throws Exception {
        DataFrame carriers =
                flights.groupBy("carrier").agg(count().as("flights")).sort(desc("flights"));

        Plot plot = carriers.plot().bar("carrier", "flights");

        assertThat(elements(plot, "rect")).isEqualTo(16);
        assertThat(labels(plot)).contains("flights by carrier", "UA", "OO", "60,000");
        assertThat(plot.toString().lines().skip(1))
                .first()
                .asString()
                .startsWith("UA █")
                .endsWith("█ 58,665")
                .hasSize(80);
        assertThat(plot.toString()).endsWith("OO ▏ 32");
        assertFits(plot);
    }

    @Test
    void what_is_not_drawn_is_said() {
        DataFrame many =
                q.of(
                        Day.class,
                        IntStream.range(0, 60)
                                .mapToObj(i -> new Day(LocalDate.EPOCH.plusDays(i), i))
                                .toList());

        String bars = many.sort("day").plot().bar("day", "number").toString();
        String nulls = measured(1.0, null, Double.NaN, -2.0).plot().bar("name", "value").toString();
        String values =
                measured(1.0, null, Double.NaN, 2.0, Double.POSITIVE_INFINITY)
                        .plot()
                        .histogram("value", 2)
                        .toString();

        assertThat(bars).endsWith("the first 50 of 60 rows");
        assertThat(nulls).endsWith("2 rows without a value of value");
        assertThat(values).endsWith("1 of value is null; 2 of value are NaN or infinite");
    }

    @Test
    void a_histogram_counts_each_value_once() throws Exception {
        Plot delays = flights.plot().histogram("dep_delay", 40);
        Plot hours = flights.plot().histogram("hour");
        Plot edges =
                measured(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
                        .plot()
                        .histogram("value", 10);

        assertThat(elements(delays, "rect")).isEqualTo(40); // of 34 whole minutes each
        assertThat(delays.toString()).contains("\n-43 to -10");
        assertThat(counted(delays)).isEqualTo(336_776 - 8255);
        assertThat(delays.toString()).endsWith("8,255 of dep_delay are null");
        assertThat(elements(hours, "rect")).isEqualTo(23);
        assertThat(counted(hours)).isEqualTo(336_776);
        assertThat(hours.toString()).contains("\n5  █");
        assertThat(counted(edges)).isEqualTo(11);
        assertFits(delays);
    }

    private static long counted(Plot histogram) {
        return Pattern.compile("<title>[^<]*: ([\\d,]+)</title>")
                .matcher(histogram.svg())
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1).replace(",", "")))
                .sum();
    }

    @Test
    void a_histogram_of_times_counts_by_the_calendar() throws Exception {
        Plot months = flights.plot().histogram("time_hour", 13);
        Plot weeks = flights.plot().histogram("time_hour", 60);

        assertThat(elements(months, "rect")).isEqualTo(13); // by UTC's clock
        assertThat(labels(months)).contains("rows a month, by time_hour", "2013-04");
        assertThat(counted(months)).isEqualTo(336_776);
        assertThat(labels(weeks)).contains("rows a week, by time_hour");
        assertThat(counted(weeks)).isEqualTo(336_776);
        assertFits(weeks);
    }

    @Test
    void a_line_goes_from_left_to_right() {
        DataFrame days =
                q.of(
                        Day.class,
                        List.of(
                                new Day(LocalDate.of(2013, 12, 30), 3),
                                new Day(LocalDate.of(2013, 1, 2), 1),
                                new Day(LocalDate.of(2013, 6, 1), 2)));

        Plot plot = days.plot().line("day", "number");

        assertThat(plot.svg()).contains("d=\"M72.0 290.0L300.").contains("L624.0 40.0\"");
        assertThat(labels(plot)).contains("number by day", "2013-03", "1.5", "3.0");
        assertThat(plot.toString()).contains("▄▄▀▀").endsWith("2013-12-30");
        assertFits(plot);
    }

    @Test
    void a_line_through_many_rows_goes_through_means() {
        Plot times = flights.plot().line("time_hour", "dep_delay");
        Plot numbers = flights.plot().line("distance", "air_time");

        assertThat(times.toString())
                .endsWith(
                        "8,255 of dep_delay are null; each point is the mean of a day, of 328,521"
                                + " rows");
        assertThat(points(times)).isEqualTo(366); // by UTC's clock
        assertThat(numbers.toString()).contains("the mean of one of 491 parts of the range");
        assertThat(points(numbers)).isBetween(50L, 500L);
    }

    private static long points(Plot plot) {
        return Pattern.compile("[ML][\\d.]+ [\\d.]+(?=[MLh\"])")
                .matcher(plot.svg().replaceAll("<path d=[^>]*>", ""))
                .results()
                .count();
    }

    @Test
    void dots_of_many_rows_are_the_same_each_time() {
        Plot first = flights.plot().scatter("distance", "air_time");
        Plot again = flights.plot().scatter("distance", "air_time");

        assertThat(first).isEqualTo(again);
        assertThat(points(first)).isBetween(3900L, 4000L);
        assertThat(first.toString())
                .contains("9,430 of air_time are null")
                .contains(" of 327,346 rows are drawn");
        assertThat(first.svg().length()).isLessThan(100_000);
        assertFits(first);
    }

    @Test
    void texts_are_never_markup() throws Exception {
        DataFrame sly =
                q.of(
                        Measured.class,
                        List.of(
                                new Measured("<script>alert('x')</script>", 1.0),
                                new Measured("a\u0001\"&", 2.0)));

        Plot plot =
                sly.rename("value", "</svg><script>")
                        .plot()
                        .bar("name", "</svg><script>")
                        .titled("<b>");

        assertThat(plot.svg())
                .doesNotContain("<script")
                .doesNotContain("<b>")
                .contains("&lt;script&gt;");
        assertThat(elements(plot, "rect")).isEqualTo(2);
        assertThat(plot.mimeBundle().get("text/html")).doesNotContain("<script");
    }

    @Test
    void nothing_and_a_single_value_are_drawn_too() throws Exception {
        DataFrame nothing = measured();
        DataFrame one = measured(7.0);

        assertThat(elements(nothing.plot().bar("name", "value"), "rect")).isZero();
        assertThat(nothing.plot().histogram("value").toString())
                .endsWith("there is nothing to draw");
        assertThat(nothing.plot().line("value", "value").toString()).contains("nothing to draw");
        assertThat(counted(one.plot().histogram("value"))).isEqualTo(1);
        assertThat(points(one.plot().line("value", "value"))).isEqualTo(1);
        assertThat(points(one.plot().scatter("value", "value"))).isEqualTo(1);
    }

    @Test
    void a_plot_is_saved_dark_on_white() throws IOException {
        Path file = directory.resolve("plot.svg");
        Plot plot = measured(1.0, 2.0).sort(asc("name")).plot().line("value", "value");

        plot.save(file);

        assertThat(Files.readString(file))
                .startsWith("<svg xmlns=")
                .contains("fill=\"#ffffff\"")
                .endsWith("</svg>");
        assertThatThrownBy(() -> plot.save(directory.resolve("no").resolve("plot.svg")))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("can't write the plot");
    }

    @Test
    void columns_that_can_not_be_along_an_axis_are_refused() {
        assertThatThrownBy(() -> flights.plot().histogram("carrier"))
                .isInstanceOf(TypeMismatch.class)
                .hasMessageContaining("groupBy(\"carrier\")");
        assertThatThrownBy(() -> flights.plot().bar("carrier", "time_hour"))
                .isInstanceOf(TypeMismatch.class)
                .hasMessageContaining("plot().bar of column 'time_hour'");
        assertThatThrownBy(() -> flights.plot().scatter("distance", "air_tme"))
                .isInstanceOf(ColumnNotFound.class)
                .hasMessageContaining("did you mean 'air_time'?");
        assertThatThrownBy(() -> flights.plot().histogram("distance", 0))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("1 to 200");
    }
}
