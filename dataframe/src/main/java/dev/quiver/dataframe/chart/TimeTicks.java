package dev.quiver.dataframe.chart;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Round times along an axis: full years, months, days, hours, minutes, seconds.
final class TimeTicks {
    private static final double DAY = 86_400;
    private static final double MONTH = 30.44 * DAY;
    private static final double YEAR = 365.25 * DAY;

    /// How far apart ticks may be.
    ///
    /// @param seconds about
    private record Step(int count, ChronoUnit unit, double seconds) {}

    private static final List<Step> STEPS = steps();

    private TimeTicks() {}

    private static List<Step> steps() {
        var steps = new ArrayList<Step>();
        for (int count : new int[] {1, 5, 15, 30})
            steps.add(new Step(count, ChronoUnit.SECONDS, count));
        for (int count : new int[] {1, 5, 15, 30})
            steps.add(new Step(count, ChronoUnit.MINUTES, 60.0 * count));
        for (int count : new int[] {1, 3, 6, 12})
            steps.add(new Step(count, ChronoUnit.HOURS, 3600.0 * count));
        for (int count : new int[] {1, 2, 7})
            steps.add(new Step(count, ChronoUnit.DAYS, DAY * count));
        for (int count : new int[] {1, 2, 3, 6})
            steps.add(new Step(count, ChronoUnit.MONTHS, MONTH * count));
        for (int count : new int[] {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000})
            steps.add(new Step(count, ChronoUnit.YEARS, YEAR * count));
        return steps;
    }

    static List<Tick> between(double min, double max, int most) {
        Step step =
                STEPS.stream()
                        .filter(each -> (max - min) / each.seconds() <= most)
                        .findFirst()
                        .orElse(STEPS.getLast());
        var ticks = new ArrayList<Tick>();
        LocalDateTime at = first(time(min), step);
        while (seconds(at) <= max) {
            if (seconds(at) >= min)
                ticks.add(new Tick(seconds(at), text(at, step.unit(), max - min)));
            at = at.plus(step.count(), step.unit());
        }
        return ticks;
    }

    static double seconds(LocalDateTime time) {
        return time.toEpochSecond(ZoneOffset.UTC) + time.get(ChronoField.NANO_OF_SECOND) / 1e9;
    }

    private static LocalDateTime time(double seconds) {
        return LocalDateTime.ofEpochSecond((long) Math.floor(seconds), 0, ZoneOffset.UTC);
    }

    /// The last round time that isn't after `from`.
    private static LocalDateTime first(LocalDateTime from, Step step) {
        int count = step.count();
        LocalDateTime day = from.truncatedTo(ChronoUnit.DAYS);
        return switch (step.unit()) {
            case YEARS ->
                    day.withDayOfYear(1).withYear(Math.floorDiv(from.getYear(), count) * count);
            case MONTHS ->
                    day.withDayOfMonth(1).withMonth((from.getMonthValue() - 1) / count * count + 1);
            case DAYS -> count == 7 ? day.minusDays(day.getDayOfWeek().getValue() - 1L) : day;
            case HOURS -> day.withHour(from.getHour() / count * count);
            case MINUTES ->
                    from.truncatedTo(ChronoUnit.HOURS).withMinute(from.getMinute() / count * count);
            default ->
                    from.truncatedTo(ChronoUnit.MINUTES)
                            .withSecond(from.getSecond() / count * count);
        };
    }

    /// A time to about a hundredth of a span.
    static String label(double value, double span) {
        ChronoUnit unit = ChronoUnit.SECONDS;
        if (span > 200 * YEAR) unit = ChronoUnit.YEARS;
        else if (span > 5 * DAY) unit = ChronoUnit.DAYS;
        else if (span > 3600) unit = ChronoUnit.MINUTES;
        return text(time(value), unit, span);
    }

    private static String text(LocalDateTime time, ChronoUnit unit, double span) {
        boolean days = span > DAY;
        String pattern =
                switch (unit) {
                    case YEARS -> "uuuu";
                    case MONTHS -> "uuuu-MM";
                    case DAYS -> "uuuu-MM-dd";
                    case HOURS, MINUTES -> days ? "MM-dd HH:mm" : "HH:mm";
                    default -> days ? "MM-dd HH:mm:ss" : "HH:mm:ss";
                };
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).format(time);
    }
}
