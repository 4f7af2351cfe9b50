package dev.quiver.io.excel;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Optional;

/// Excel's count of days as dates and times, to the millisecond, which is as exact as Excel is.
///
/// Day 1 is 1 January 1900 and day 60 is 29 February 1900, a day that there wasn't; or, in
/// workbooks that say so, day 0 is 1 January 1904.
///
/// @param from1904 whether days count from 1904
record Serial(boolean from1904) {
    private static final long DAY_MILLIS = 86_400_000;
    private static final long NO_DAY = 60;
    private static final LocalDate LAST = LocalDate.of(9999, 12, 31);
    private static final double LENGTH_DAYS_MAX = 1e8;

    /// The date and time of a number of days; empty where there is none.
    Optional<LocalDateTime> time(double days) {
        if (!(days >= 0 && days < 3_000_000)) return Optional.empty();
        long millis = Math.round(days * DAY_MILLIS);
        Optional<LocalDate> date = date(millis / DAY_MILLIS);
        return date.filter(day -> !day.isAfter(LAST))
                .map(day -> day.atTime(LocalTime.ofNanoOfDay(millis % DAY_MILLIS * 1_000_000)));
    }

    private Optional<LocalDate> date(long day) {
        if (from1904) return Optional.of(LocalDate.of(1904, 1, 1).plusDays(day));
        if (day == 0 || day == NO_DAY) return Optional.empty();
        return Optional.of(LocalDate.of(1899, 12, day < NO_DAY ? 31 : 30).plusDays(day));
    }

    /// The time of day that a part of a day is; empty for a day or more.
    static Optional<LocalTime> timeOfDay(double days) {
        if (!(days >= 0 && days < 1)) return Optional.empty();
        long millis = Math.round(days * DAY_MILLIS);
        if (millis >= DAY_MILLIS) return Optional.empty();
        return Optional.of(LocalTime.ofNanoOfDay(millis * 1_000_000));
    }

    /// The length of a number of days; empty for one beyond 273,000 years.
    static Optional<Duration> length(double days) {
        if (!(Math.abs(days) <= LENGTH_DAYS_MAX)) return Optional.empty();
        return Optional.of(Duration.ofMillis(Math.round(days * DAY_MILLIS)));
    }
}
