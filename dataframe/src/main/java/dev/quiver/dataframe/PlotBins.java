package dev.quiver.dataframe;

import static dev.quiver.dataframe.Functions.col;

import dev.quiver.dataframe.chart.BinChart;
import dev.quiver.dataframe.chart.Caption;
import dev.quiver.dataframe.chart.Scale;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// Ranges of a column's values that follow one another: of equal width, or units of the calendar.
sealed interface PlotBins {
    /// So many a histogram has at most.
    int MOST = 200;

    /// Where the range of a value begins.
    Expr begin(Expr value);

    /// About how wide they are, in words.
    String about();

    /// How many values lie in each.
    ///
    /// @param values a frame of one column `x`
    BinChart count(DataFrame values, Caption caption);

    static void check(int bins) {
        if (bins >= 1 && bins <= MOST) return;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "plot().histogram with %d bins".formatted(bins),
                List.of(),
                "ask for 1 to %d".formatted(MOST));
    }

    /// At most so many for a range of values.
    static PlotBins of(PlotColumn column, PlotRange range, int most) {
        if (column.isTime()) return Units.of(column, range, most);
        double values = range.max() - range.min() + 1;
        if (column.isWhole()) {
            double width = Math.ceil(values / most);
            return new Widths(range.min() - 0.5, width, (int) Math.ceil(values / width));
        }
        Scale over = Scale.over(range.min(), range.max(), Scale.Kind.NUMBER);
        return new Widths(over.min(), (over.max() - over.min()) / most, most);
    }

    /// How many rows there are of each beginning.
    private static Map<Double, Long> counted(DataFrame values, Expr begin, PlotColumn column) {
        var counts = new TreeMap<Double, Long>();
        try (Table table =
                values.groupBy(begin.as("x")).agg(Functions.count().as("rows")).collect()) {
            for (Row row : table.rows())
                counts.merge(column.read(row, "x"), row.getLong("rows"), Long::sum);
        }
        return counts;
    }

    /// Ranges of equal width.
    record Widths(double first, double width, int bins) implements PlotBins {
        private static final PlotColumn NUMBER =
                new PlotColumn(new Field("x", DataType.FLOAT64, true));

        private Expr index(Expr value) {
            return value.minus(first).divide(width).floor();
        }

        @Override
        public Expr begin(Expr value) {
            return index(value).multiply(width).plus(first);
        }

        @Override
        public String about() {
            return "one of %d parts of the range".formatted(bins);
        }

        @Override
        public BinChart count(DataFrame values, Caption caption) {
            var counts = new long[bins];
            counted(values, index(col("x")), NUMBER)
                    .forEach((index, rows) -> {
                        int bin =
                                (int)
                                        Math.max(
                                                0,
                                                Math.min(bins - 1, index)); // the last has its end
                        counts[bin] += rows;
                    });
            var all = new ArrayList<BinChart.Bin>();
            for (int i = 0; i < bins; i++)
                all.add(new BinChart.Bin(first + i * width, first + (i + 1) * width, counts[i]));
            var scale = new Scale(first, first + bins * width, Scale.Kind.NUMBER);
            return new BinChart(caption, scale, all);
        }
    }

    /// Units of the calendar.
    record Units(PlotColumn column, String unit, LocalDateTime first, LocalDateTime last)
            implements PlotBins {
        private static final List<String> UNITS =
                List.of("second", "minute", "hour", "day", "week", "month", "quarter", "year");

        /// The finest of which no more are needed; years when all are too fine.
        static Units of(PlotColumn column, PlotRange range, int most) {
            LocalDateTime last = LocalDateTime.ofEpochSecond((long) range.max(), 0, ZoneOffset.UTC);
            int finest = column.isDate() ? UNITS.indexOf("day") : 0;
            Units units = null;
            for (String unit : UNITS.subList(finest, UNITS.size())) {
                units = new Units(column, unit, range.from(), last);
                if (!units.isMoreThan(most)) return units;
            }
            return Objects.requireNonNull(units);
        }

        private boolean isMoreThan(int most) {
            LocalDateTime begin = truncated(first);
            for (int i = 0; i < most; i++) begin = next(begin);
            return !begin.isAfter(last);
        }

        private LocalDateTime truncated(LocalDateTime time) {
            LocalDateTime day = time.truncatedTo(ChronoUnit.DAYS);
            return switch (unit) {
                case "year" -> day.withDayOfYear(1);
                case "quarter" ->
                        day.withDayOfMonth(1).withMonth((time.getMonthValue() - 1) / 3 * 3 + 1);
                case "month" -> day.withDayOfMonth(1);
                case "week" -> day.minusDays(day.getDayOfWeek().getValue() - 1L);
                case "day" -> day;
                case "hour" -> time.truncatedTo(ChronoUnit.HOURS);
                case "minute" -> time.truncatedTo(ChronoUnit.MINUTES);
                default -> time.truncatedTo(ChronoUnit.SECONDS);
            };
        }

        @Override
        public Expr begin(Expr value) {
            return value.dt().truncate(unit);
        }

        @Override
        public String about() {
            return "a " + unit;
        }

        private LocalDateTime next(LocalDateTime begin) {
            return switch (unit) {
                case "year" -> begin.plusYears(1);
                case "quarter" -> begin.plusMonths(3);
                case "month" -> begin.plusMonths(1);
                case "week" -> begin.plusWeeks(1);
                case "day" -> begin.plusDays(1);
                case "hour" -> begin.plusHours(1);
                case "minute" -> begin.plusMinutes(1);
                default -> begin.plusSeconds(1);
            };
        }

        @Override
        public BinChart count(DataFrame values, Caption caption) {
            Map<Double, Long> counts = counted(values, begin(col("x")), column);
            LocalDateTime begin = truncated(first);
            double from = PlotColumn.seconds(begin);
            var all = new ArrayList<BinChart.Bin>();
            while (!begin.isAfter(last)) {
                LocalDateTime next = next(begin);
                double at = PlotColumn.seconds(begin);
                all.add(
                        new BinChart.Bin(
                                at, PlotColumn.seconds(next), counts.getOrDefault(at, 0L)));
                begin = next;
            }
            var scale = new Scale(from, PlotColumn.seconds(begin), Scale.Kind.TIME);
            return new BinChart(caption.with("rows a " + unit + ", by " + caption.x()), scale, all);
        }
    }
}
