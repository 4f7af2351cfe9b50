package dev.quiver.pipeline.serve;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;

/// The times of a Unix cron expression in a time zone.
///
/// Where clocks go forward, what names an hour that isn't there comes when they do; where they go
/// back, what names an hour that is there twice comes the first time. What has `*` for the hour
/// goes on as time does.
final class CronTimes {
    private static final CronParser PARSER =
            new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    private static final LocalDateTime LONG_AGO = LocalDateTime.of(2000, 1, 1, 0, 0);
    private static final int CHANGES_OF_CLOCKS_MAX = 1_000;
    private static final int HOUR = 1;

    private final String expression;
    private final ZoneId zone;
    private final ExecutionTime times;
    private final boolean everyHour;

    /// @throws QuiverException with the code `ARGUMENT_INVALID` when it isn't one, or never comes
    CronTimes(String expression, ZoneId zone) {
        this.expression = expression.strip();
        this.zone = zone;
        this.times = ExecutionTime.forCron(parsed(expression));
        this.everyHour = this.expression.split("\\s+", -1)[HOUR].startsWith("*");
        if (next(LONG_AGO).isEmpty()) throw invalid(expression, "such a day never comes", null);
    }

    private static Cron parsed(String expression) {
        try {
            return PARSER.parse(expression).validate();
        } catch (IllegalArgumentException e) {
            String why = String.valueOf(e.getMessage());
            throw invalid(expression, why.replace("Failed to parse cron expression. ", ""), e);
        }
    }

    private static QuiverException invalid(
            String expression, String why, @org.jspecify.annotations.Nullable Exception cause) {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "cron '%s': %s".formatted(expression, why),
                List.of("wanted: minute hour day-of-month month day-of-week"),
                "write it as crontab does, such as '0 5 * * MON-FRI' for five o'clock on weekdays",
                cause);
    }

    private Optional<LocalDateTime> next(LocalDateTime after) {
        return times.nextExecution(after.atZone(ZoneOffset.UTC))
                .map(next -> next.toLocalDateTime());
    }

    /// The first time behind a moment; empty when there is none any more.
    Optional<Instant> after(Instant moment) {
        return everyHour ? asTimeGoes(moment) : byName(moment);
    }

    private Optional<Instant> byName(Instant moment) {
        Optional<LocalDateTime> local = next(LocalDateTime.ofInstant(moment, zone));
        while (local.isPresent()) {
            Instant found = found(local.get());
            if (found.isAfter(moment)) return Optional.of(found);
            local = next(local.get());
        }
        return Optional.empty();
    }

    private Instant found(LocalDateTime local) {
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        if (change != null && change.isGap()) return change.getInstant();
        return local.atZone(zone).toInstant();
    }

    private Optional<Instant> asTimeGoes(Instant moment) {
        ZoneRules rules = zone.getRules();
        ZoneOffset offset = rules.getOffset(moment);
        LocalDateTime local = LocalDateTime.ofInstant(moment, offset);
        Instant from = moment;
        for (int i = 0; i < CHANGES_OF_CLOCKS_MAX; i++) {
            Optional<LocalDateTime> next = next(local);
            if (next.isEmpty()) return Optional.empty();
            Instant found = next.get().toInstant(offset);
            ZoneOffsetTransition change = rules.nextTransition(from);
            if (change == null || found.isBefore(change.getInstant())) return Optional.of(found);
            from = change.getInstant();
            offset = change.getOffsetAfter();
            local = LocalDateTime.ofInstant(from, offset).minusSeconds(1);
        }
        return Optional.empty();
    }

    ZoneId zone() {
        return zone;
    }

    @Override
    public String toString() {
        boolean isUsual = zone.equals(ZoneId.systemDefault());
        return isUsual ? expression : expression + " " + zone;
    }
}
