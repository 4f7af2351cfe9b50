package dev.quiver.expression;

import dev.quiver.schema.DataType;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Optional;

/// Dates and times: units, counts since the epoch, parts and truncation.
public final class Moments {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Moments() {}

    /// What a date or timestamp can be cut to.
    public enum Unit {
        YEAR,
        QUARTER,
        MONTH,
        WEEK,
        DAY,
        HOUR,
        MINUTE,
        SECOND;

        /// The unit of that name, in any case, or empty.
        public static Optional<Unit> find(String name) {
            for (Unit unit : values()) {
                if (unit.name().equalsIgnoreCase(name)) return Optional.of(unit);
            }
            return Optional.empty();
        }
    }

    /// The count of `unit` since 1970-01-01T00:00Z.
    ///
    /// @throws EvaluationFailure when the count is outside 64 bits
    public static long count(Instant instant, DataType.TimeUnit unit) {
        long high = Math.multiplyHigh(instant.getEpochSecond(), unit.perSecond());
        long low = instant.getEpochSecond() * unit.perSecond();
        long sum = low + instant.getNano() / (NANOS_PER_SECOND / unit.perSecond());
        if (Long.compareUnsigned(sum, low) < 0) high++;
        if (high != sum >> 63)
            throw EvaluationFailure.outOfRange(
                    instant.toString(), new DataType.Timestamp(unit, Optional.empty()));
        return sum;
    }

    public static long count(LocalDateTime reading, DataType.TimeUnit unit) {
        return count(reading.toInstant(ZoneOffset.UTC), unit);
    }

    public static long count(Duration duration, DataType.TimeUnit unit) {
        return count(Instant.ofEpochSecond(duration.getSeconds(), duration.getNano()), unit);
    }

    public static Instant instant(long count, DataType.TimeUnit unit) {
        long nanosPerUnit = NANOS_PER_SECOND / unit.perSecond();
        return Instant.ofEpochSecond(
                Math.floorDiv(count, unit.perSecond()),
                Math.floorMod(count, unit.perSecond()) * nanosPerUnit);
    }

    public static LocalDateTime reading(long count, DataType.TimeUnit unit) {
        return LocalDateTime.ofInstant(instant(count, unit), ZoneOffset.UTC);
    }

    public static Duration duration(long count, DataType.TimeUnit unit) {
        Instant end = instant(count, unit);
        return Duration.ofSeconds(end.getEpochSecond(), end.getNano());
    }

    static LocalDateTime floor(LocalDateTime reading, DataType.TimeUnit unit) {
        return reading.with(floor(reading.toLocalTime(), unit));
    }

    static LocalTime floor(LocalTime time, DataType.TimeUnit unit) {
        long nanosPerUnit = NANOS_PER_SECOND / unit.perSecond();
        return LocalTime.ofNanoOfDay(time.toNanoOfDay() / nanosPerUnit * nanosPerUnit);
    }

    static Instant floor(Instant instant, DataType.TimeUnit unit) {
        long nanosPerUnit = NANOS_PER_SECOND / unit.perSecond();
        return Instant.ofEpochSecond(
                instant.getEpochSecond(), instant.getNano() / nanosPerUnit * nanosPerUnit);
    }

    /// The zone in which an instant's parts are read: the one its type names.
    public static ZoneId zone(DataType.Timestamp type) {
        return type.zone().map(ZoneId::of).orElse(ZoneOffset.UTC);
    }

    /// A calendar part of a wall-clock reading.
    static long part(Function function, LocalDateTime value) {
        return switch (function) {
            case YEAR -> value.getYear();
            case QUARTER -> value.get(IsoFields.QUARTER_OF_YEAR);
            case MONTH -> value.getMonthValue();
            case WEEK -> value.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
            case DAY -> value.getDayOfMonth();
            case DAY_OF_WEEK -> value.getDayOfWeek().getValue();
            case DAY_OF_YEAR -> value.getDayOfYear();
            case HOUR -> value.getHour();
            case MINUTE -> value.getMinute();
            case SECOND -> value.getSecond();
            default -> throw new IllegalArgumentException(function + " is not a part of a date");
        };
    }

    /// The first day of the unit that holds `day`; units below a day leave it.
    public static LocalDate truncate(Unit unit, LocalDate day) {
        return switch (unit) {
            case YEAR -> day.withDayOfYear(1);
            case QUARTER -> day.with(IsoFields.DAY_OF_QUARTER, 1);
            case MONTH -> day.withDayOfMonth(1);
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case DAY, HOUR, MINUTE, SECOND -> day;
        };
    }

    /// The start of the unit that holds `reading`.
    static LocalDateTime truncate(Unit unit, LocalDateTime reading) {
        return switch (unit) {
            case YEAR, QUARTER, MONTH, WEEK, DAY ->
                    truncate(unit, reading.toLocalDate()).atStartOfDay();
            case HOUR -> reading.truncatedTo(ChronoUnit.HOURS);
            case MINUTE -> reading.truncatedTo(ChronoUnit.MINUTES);
            case SECOND -> reading.truncatedTo(ChronoUnit.SECONDS);
        };
    }

    /// The start of the unit that holds `instant`, as clocks in the type's zone show it; where they
    /// show it twice, the one with the instant's own offset.
    static Instant truncate(Unit unit, Instant instant, DataType.Timestamp type) {
        ZonedDateTime zoned = instant.atZone(zone(type));
        LocalDateTime start = truncate(unit, zoned.toLocalDateTime());
        return ZonedDateTime.ofLocal(start, zoned.getZone(), zoned.getOffset()).toInstant();
    }
}
