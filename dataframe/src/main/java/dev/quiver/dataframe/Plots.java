package dev.quiver.dataframe;

import static dev.quiver.dataframe.Functions.asc;
import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.mean;

import dev.quiver.dataframe.chart.BarChart;
import dev.quiver.dataframe.chart.Caption;
import dev.quiver.dataframe.chart.PointChart;
import dev.quiver.dataframe.chart.Scale;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Small charts of a frame; see [DataFrame#plot]. Each runs the frame's query, some twice: persist
/// what takes long.
///
/// ```java
/// flights.groupBy("carrier").agg(count().as("flights")).plot().bar("carrier", "flights")
/// ```
///
/// What isn't drawn, such as nulls, is said below the chart. Errors: COLUMN_NOT_FOUND, and
/// TYPE_MISMATCH for a column that can't be along an axis.
public final class Plots {
    /// So many bars are drawn at most.
    public static final int BARS_MAX = 50;

    /// So many points are drawn at most; where there are more, evenly spaced ones of them.
    public static final int POINTS_MAX = 4000;

    /// A line with more points goes through means.
    public static final int LINE_POINTS_MAX = 2000;

    /// So many bins has a histogram of which nothing else is said.
    public static final int BINS = 30;

    private static final int MEANS = 500;

    private final DataFrame frame;

    Plots(DataFrame frame) {
        this.frame = frame;
    }

    /// A bar for each row, in the order of the rows: sort them before. The first 50 are drawn.
    ///
    /// @param x what stands beside the bars, of any type
    /// @param y their lengths: numbers
    public Plot bar(String x, String y) {
        Field label = frame.schema().field(frame.schema().indexOf(x, "the frame of plot().bar"));
        PlotColumn length = PlotColumn.numbers(frame, y, "plot().bar");
        DataFrame both = frame.select(col(x).as("x"), length.value().as("y"));
        var shown = new Field("x", label.type(), true);
        var bars = new ArrayList<BarChart.Bar>();
        var notes = new ArrayList<String>();
        try (Table table = both.limit(BARS_MAX + 1L).collect()) {
            long missing = 0;
            for (long i = 0; i < Math.min(BARS_MAX, table.rowCount()); i++) {
                Row row = table.row(i);
                double value = row.getDouble("y", Double.NaN);
                String name = TableText.cell(row, shown).orElse("null");
                if (Double.isFinite(value)) bars.add(new BarChart.Bar(name, value));
                else missing++;
            }
            if (missing > 0) notes.add(rows(missing) + " without a value of " + y);
            if (table.rowCount() > BARS_MAX)
                notes.add("the first %d of %s".formatted(BARS_MAX, rows(frame.count())));
        }
        return new Plot(new BarChart(new Caption(y + " by " + x, x, y, notes), bars));
    }

    private static String rows(long count) {
        return String.format(Locale.ROOT, count == 1 ? "%,d row" : "%,d rows", count);
    }

    /// A line from left to right. Where there are more than 2,000 rows it goes through the means of
    /// short parts of `x`.
    ///
    /// @param x numbers, dates or timestamps
    /// @param y numbers
    public Plot line(String x, String y) {
        PlotColumn across = PlotColumn.of(frame, x, "plot().line");
        PlotColumn up = PlotColumn.numbers(frame, y, "plot().line");
        PlotRange range = PlotRange.of(frame, across, up);
        DataFrame both = drawable(across, up);
        List<String> notes = new ArrayList<>(range.notes());
        if (range.rows() > LINE_POINTS_MAX) {
            PlotBins bins = PlotBins.of(across, range, across.isTime() ? LINE_POINTS_MAX : MEANS);
            both = both.groupBy(bins.begin(col("x")).as("x")).agg(mean("y").as("y"));
            notes.add(
                    "each point is the mean of %s, of %s"
                            .formatted(bins.about(), rows(range.rows())));
        }
        List<PointChart.Point> points = points(both.sort(asc("x")), across, 1);
        return chart(y + " by " + x, across, up, points, notes, PointChart.Mark.LINE);
    }

    /// The rows that have both, as `x` and `y`.
    private DataFrame drawable(PlotColumn across, PlotColumn up) {
        return frame.filter(across.isDrawable().and(up.isDrawable()))
                .select(across.value().as("x"), up.value().as("y"));
    }

    /// How many values lie in each of some ranges of equal width. It is counted where the rows are.
    ///
    /// @param column numbers, dates or timestamps
    public Plot histogram(String column) {
        return histogram(column, BINS);
    }

    /// The same in so many ranges, 1 to 200, or fewer: as many whole numbers are in each, and times
    /// are counted by seconds, minutes, hours, days, weeks, months, quarters or years.
    public Plot histogram(String column, int bins) {
        PlotColumn across = PlotColumn.of(frame, column, "plot().histogram");
        PlotBins.check(bins);
        PlotRange range = PlotRange.of(frame, across);
        DataFrame values = frame.filter(across.isDrawable()).select(across.value().as("x"));
        Caption caption = new Caption("rows by " + column, column, "rows", range.notes());
        return new Plot(PlotBins.of(across, range, bins).count(values, caption));
    }

    /// A dot for each row. Where there are more than 4,000, evenly spaced rows of them: the same
    /// ones each time.
    ///
    /// @param x numbers, dates or timestamps
    /// @param y the same
    public Plot scatter(String x, String y) {
        PlotColumn across = PlotColumn.of(frame, x, "plot().scatter");
        PlotColumn up = PlotColumn.of(frame, y, "plot().scatter");
        PlotRange range = PlotRange.of(frame, across, up);
        DataFrame both = drawable(across, up);
        long each = Math.max(1, Math.ceilDiv(range.rows(), (long) POINTS_MAX));
        List<PointChart.Point> points = points(both, across, up, each);
        List<String> notes = new ArrayList<>(range.notes());
        if (each > 1)
            notes.add(
                    String.format(
                            Locale.ROOT, "%,d of %s are drawn", points.size(), rows(range.rows())));
        return chart(y + " against " + x, across, up, points, notes, PointChart.Mark.DOT);
    }

    private static List<PointChart.Point> points(DataFrame both, PlotColumn x, long each) {
        var numbers = new PlotColumn(new Field("y", DataType.FLOAT64, true));
        return points(both, x, numbers, each);
    }

    /// @param each every how many rows are read
    private static List<PointChart.Point> points(
            DataFrame both, PlotColumn x, PlotColumn y, long each) {
        var points = new ArrayList<PointChart.Point>();
        long number = 0;
        try (Rows rows = both.rows()) {
            for (Row row : rows)
                if (number++ % each == 0)
                    points.add(new PointChart.Point(x.read(row, "x"), y.read(row, "y")));
        }
        return points;
    }

    private static Plot chart(
            String title,
            PlotColumn x,
            PlotColumn y,
            List<PointChart.Point> points,
            List<String> notes,
            PointChart.Mark mark) {
        Scale across = over(points.stream().mapToDouble(PointChart.Point::x).toArray(), x);
        Scale up = over(points.stream().mapToDouble(PointChart.Point::y).toArray(), y);
        var caption = new Caption(title, x.name(), y.name(), notes);
        return new Plot(new PointChart(caption, across, up, points, mark));
    }

    private static Scale over(double[] values, PlotColumn column) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        return min <= max ? Scale.over(min, max, column.kind()) : Scale.over(0, 1, column.kind());
    }
}
