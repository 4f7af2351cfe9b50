package dev.quiver.pipeline.alert;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;

/// How a pipeline stands that may be late.
///
/// @param due when the run was that hasn't ended, waiting or running; empty when there is none
/// @param done when a run ended well last
public record Lateness(
        String pipeline, Path ledger, Instant now, Optional<Instant> due, Optional<Instant> done) {
    boolean isLate(Duration after) {
        return due.isPresent() && due.get().plus(after).isBefore(now);
    }

    boolean isMissing(LocalTime time, ZoneId zone) {
        ZonedDateTime local = now.atZone(zone);
        if (local.toLocalTime().isBefore(time)) return false;
        Instant midnight = local.toLocalDate().atStartOfDay(zone).toInstant();
        return done.isEmpty() || done.get().isBefore(midnight);
    }
}
