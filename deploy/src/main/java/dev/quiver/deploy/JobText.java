package dev.quiver.deploy;

import dev.quiver.cluster.control.DriverStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Submitted programs as people read them, in 80 columns.
final class JobText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("MMM dd HH:mm:ss", Locale.ENGLISH);

    private JobText() {}

    /// A line a program, and why those that failed did.
    static List<String> list(List<DriverStatus> jobs, Instant now, ZoneId zone) {
        int width = "job".length();
        for (DriverStatus job : jobs) width = Math.max(width, job.name().length());
        String form = "%-" + width + "s  %-9s  %-15s  %9s  %6s  %s";
        var lines = new ArrayList<String>();
        lines.add(form.formatted("job", "state", "submitted", "for", "worker", "program"));
        for (DriverStatus job : jobs) {
            Instant submitted = Instant.ofEpochMilli(job.submittedMillis());
            Instant until = job.state().isEnd() ? Instant.ofEpochMilli(job.endedMillis()) : now;
            String words = String.join(" ", job.plan().arguments());
            lines.add(
                    form.formatted(
                            job.name(),
                            state(job),
                            TIME.format(submitted.atZone(zone)),
                            RunText.duration(Duration.between(submitted, until)),
                            job.worker() < 0 ? "" : job.worker(),
                            (job.plan().file() + " " + words).strip()));
            if (!job.why().isEmpty() && job.state() != DriverStatus.State.CANCELLED)
                lines.add("  " + why(job));
        }
        return lines.stream().map(line -> RunText.cut(line, RunText.WIDTH)).toList();
    }

    private static String why(DriverStatus job) {
        if (job.state() != DriverStatus.State.RUNNING) return job.why();
        return "attempt %d; the one before ended: %s".formatted(job.attempt(), job.why());
    }

    /// How a program ended, in a sentence.
    static String end(DriverStatus job) {
        return switch (job.state()) {
            case DONE -> "%s is done".formatted(job.name());
            case FAILED -> "%s failed: %s".formatted(job.name(), job.why());
            case CANCELLED -> "%s was cancelled".formatted(job.name());
            case WAITING, RUNNING -> "%s is %s".formatted(job.name(), state(job));
        };
    }

    private static String state(DriverStatus job) {
        return job.state().name().toLowerCase(Locale.ROOT);
    }
}
