package dev.quiver.pipeline.serve;

import dev.quiver.dataframe.Fn;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import dev.quiver.pipeline.Pipeline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;

/// When a pipeline runs by itself.
///
/// ```java
/// Schedule.cron("0 5 * * MON-FRI", ZoneId.of("Europe/Berlin"))
/// Schedule.every(Duration.ofMinutes(10)).overlap(Overlap.QUEUE)
/// Schedule.onArrival("in/*.csv", Duration.ofSeconds(30))
/// ```
///
/// Immutable: each call gives another schedule. Firings are written down before they are acted on,
/// so that none is acted on twice, whatever the clock of the machine does.
public final class Schedule {
    private final Timing timing;
    private final Missed missed;
    private final Overlap overlap;
    private final List<Given> parameters;

    private Schedule(Timing timing, Missed missed, Overlap overlap, List<Given> parameters) {
        this.timing = timing;
        this.missed = missed;
        this.overlap = overlap;
        this.parameters = List.copyOf(parameters);
    }

    private Schedule(Timing timing) {
        this(timing, Missed.ONCE, Overlap.SKIP, List.of());
    }

    /// A parameter that follows from the time of a firing.
    private record Given(String name, Fn<ZonedDateTime, String> value) {}

    /// At the times of a Unix cron expression, in the machine's time zone.
    ///
    /// @param expression minute, hour, day of month, month and day of week
    public static Schedule cron(String expression) {
        return cron(expression, ZoneId.systemDefault());
    }

    /// At the times of a Unix cron expression, in a time zone.
    ///
    /// When clocks go forward, a time that isn't there comes as they do; when they go back, a time
    /// that is there twice comes once. What has `*` for the hour goes on as time does. When both
    /// day of month and day of week are given, either will do.
    ///
    /// @throws QuiverException with the code `ARGUMENT_INVALID` when the expression isn't one
    public static Schedule cron(String expression, ZoneId zone) {
        return new Schedule(new Timing.Cron(new CronTimes(expression, zone)));
    }

    /// At once, and again and again after the same time, counted from beginning to beginning.
    ///
    /// @param interval at least a second
    public static Schedule every(Duration interval) {
        return new Schedule(new Timing.Every(checked("every", interval)));
    }

    /// When files have come, or have changed. They are taken for whole when two looks in a row
    /// found them the same; as long as one still grows, none is.
    ///
    /// @param files a path or pattern, which may be in a store: `s3://BUCKET/in/*.csv`
    /// @param pollEvery how often it is looked, at least a second
    public static Schedule onArrival(String files, Duration pollEvery) {
        return new Schedule(new Timing.Arrival(files, checked("onArrival", pollEvery)));
    }

    /// When the pipelines have ended that it runs after.
    static Schedule behind() {
        return new Schedule(new Timing.Behind());
    }

    private static Duration checked(String verb, Duration duration) {
        if (duration.compareTo(Duration.ofSeconds(1)) >= 0) return duration;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "%s with %s".formatted(verb, duration),
                List.of(),
                "give it a second or more");
    }

    /// What becomes of firings that nobody was there for; [Missed#ONCE] unless told otherwise.
    public Schedule missed(Missed policy) {
        return new Schedule(timing, policy, overlap, parameters);
    }

    /// What becomes of a firing that comes while the pipeline runs; [Overlap#SKIP] unless told
    /// otherwise. Files that come meanwhile are never left out: they wait.
    public Schedule overlap(Overlap policy) {
        return new Schedule(timing, missed, policy, parameters);
    }

    /// Gives the pipeline a parameter that follows from the time at which the run was due, such as
    /// yesterday's date: `parameter("day", due -> due.toLocalDate().minusDays(1).toString())`.
    ///
    /// @param value from the due time, in the time zone of the schedule
    public Schedule parameter(String name, Fn<ZonedDateTime, String> value) {
        var more = new ArrayList<>(parameters);
        more.add(new Given(name, value));
        return new Schedule(timing, missed, overlap, more);
    }

    Timing timing() {
        return timing;
    }

    Missed missed() {
        return missed;
    }

    Overlap overlap() {
        return overlap;
    }

    /// Whether each firing gives the pipeline parameters of its own.
    boolean hasParameters() {
        return !parameters.isEmpty();
    }

    /// The pipeline with the parameters of a firing.
    Pipeline applied(Pipeline pipeline, Instant due) {
        ZoneId zone =
                timing instanceof Timing.Cron(var times) ? times.zone() : ZoneId.systemDefault();
        Pipeline given = pipeline;
        for (Given parameter : parameters) {
            try {
                given = given.parameter(parameter.name, parameter.value.apply(due.atZone(zone)));
            } catch (QuiverException e) {
                throw e;
            } catch (Exception e) {
                throw new TaskFailed(
                        "the parameter '%s' of a schedule threw %s".formatted(parameter.name, e),
                        List.of("pipeline: " + pipeline.name(), "due: " + due),
                        "mend the function that gives it",
                        e);
            }
        }
        return given;
    }

    @Override
    public String toString() {
        return timing.toString();
    }
}
