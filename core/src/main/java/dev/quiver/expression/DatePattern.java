package dev.quiver.expression;

import dev.quiver.schema.DataType;
import dev.quiver.schema.DataType.TimeUnit;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import java.util.Optional;

/// How texts write a date or a moment, in the letters of [DateTimeFormatter]: `dd.MM.yyyy`,
/// `MM/dd/yyyy HH:mm`, `d MMM yyyy`.
///
/// Days must exist (no 31 February); letters count in either case, months and days have English
/// names; `yy` means 2000 to 2099. `yyyy` is a year of the calendar, as `uuuu` is, unless there is
/// an era (`G`) too.
public final class DatePattern {
    private static final ZonedDateTime EXAMPLE =
            ZonedDateTime.of(
                    LocalDate.of(2013, 12, 31),
                    LocalTime.of(23, 59, 58, 123_456_789),
                    ZoneId.of("UTC"));
    private static final String CLOCK = "hHkKmsSAnNaB";
    private static final String ZONE = "xXzZOVv";
    private static final int MICRO_DIGITS = 6;

    private final String pattern;
    private final DateTimeFormatter formatter;

    private DatePattern(String pattern) {
        this.pattern = pattern;
        this.formatter =
                new DateTimeFormatterBuilder()
                        .parseCaseInsensitive()
                        .appendPattern(yearsOfCalendar(pattern))
                        .toFormatter(Locale.ENGLISH)
                        .withResolverStyle(ResolverStyle.STRICT);
    }

    /// The pattern for dates.
    ///
    /// @throws IllegalArgumentException says what is wrong with it
    public static DatePattern ofDate(String pattern) {
        var made = new DatePattern(pattern);
        made.check();
        return made;
    }

    /// The pattern for moments; one without a time of day means midnight.
    ///
    /// @throws IllegalArgumentException says what is wrong with it
    public static DatePattern ofMoment(String pattern) {
        DatePattern made = ofDate(pattern);
        String text = made.example();
        if (made.hasClock() && made.parts(text).query(TemporalQueries.localTime()) == null)
            throw new IllegalArgumentException(
                    "it doesn't say what hour it is: HH counts 0 to 23, hh needs an a (AM or PM)");
        if (made.isZoned() && made.parts(text).query(TemporalQueries.zone()) == null)
            throw new IllegalArgumentException("it doesn't say what zone it is");
        return made;
    }

    private void check() {
        try {
            LocalDate found = parts(example()).query(TemporalQueries.localDate());
            if (EXAMPLE.toLocalDate().equals(found)) return;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "a text of that form can't be read back: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(
                "it doesn't say what day it is: yyyy is the year, MM the month, dd the day");
    }

    /// The pattern with `u` for `y`: a year that needs no era.
    private static String yearsOfCalendar(String pattern) {
        if (has(pattern, "G")) return pattern;
        var changed = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\'') quoted = !quoted;
            changed.append(c == 'y' && !quoted ? 'u' : c);
        }
        return changed.toString();
    }

    private static boolean has(String pattern, String letters) {
        return count(pattern, letters) > 0;
    }

    /// How many of the letters stand in the pattern outside quotes.
    private static long count(String pattern, String letters) {
        long count = 0;
        boolean quoted = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\'') quoted = !quoted;
            else if (!quoted && letters.indexOf(c) >= 0) count++;
        }
        return count;
    }

    private boolean hasClock() {
        return has(pattern, CLOCK);
    }

    private boolean isZoned() {
        return has(pattern, ZONE);
    }

    /// What moments of the pattern are: microseconds (nanoseconds, where it has so many digits), in
    /// UTC where it has a zone.
    public DataType.Timestamp type() {
        boolean nanos = count(pattern, "S") > MICRO_DIGITS || has(pattern, "nN");
        return new DataType.Timestamp(
                nanos ? TimeUnit.NANO : TimeUnit.MICRO,
                isZoned() ? Optional.of("UTC") : Optional.empty());
    }

    /// How 31 December 2013, two seconds before midnight, looks.
    public String example() {
        return formatter.format(EXAMPLE);
    }

    private TemporalAccessor parts(String text) {
        return formatter.parse(text);
    }

    /// Whether a text has the form, and is a day that exists.
    public boolean matches(String text) {
        try {
            return parts(text).query(TemporalQueries.localDate()) != null;
        } catch (DateTimeException _) {
            return false;
        }
    }

    /// The day that a text says.
    ///
    /// @throws EvaluationFailure when it has another form, or there is no such day
    LocalDate date(String text) {
        try {
            LocalDate day = LocalDate.from(parts(text));
            if (day.toEpochDay() == (int) day.toEpochDay()) return day;
        } catch (DateTimeException _) {
            throw EvaluationFailure.badText(text, DataType.DATE, form());
        }
        throw EvaluationFailure.outOfRange(text, DataType.DATE);
    }

    /// The moment that a text says, as [#type] has it.
    ///
    /// @throws EvaluationFailure when it has another form, or there is no such moment
    Object moment(String text) {
        DataType.Timestamp type = type();
        try {
            TemporalAccessor parts = parts(text);
            LocalTime time = parts.query(TemporalQueries.localTime());
            LocalDateTime wall =
                    LocalDate.from(parts).atTime(time == null ? LocalTime.MIDNIGHT : time);
            if (type.zone().isEmpty()) {
                Moments.count(wall, type.unit());
                return Moments.floor(wall, type.unit());
            }
            Instant instant = wall.atZone(ZoneId.from(parts)).toInstant();
            Moments.count(instant, type.unit());
            return Moments.floor(instant, type.unit());
        } catch (DateTimeException _) {
            throw EvaluationFailure.badText(text, type, form());
        }
    }

    private String form() {
        return "%s here ('%s'): others must be corrected or made null first, by replace or when"
                .formatted(example(), pattern);
    }
}
