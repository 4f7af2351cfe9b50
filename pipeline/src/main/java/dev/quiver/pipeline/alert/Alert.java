package dev.quiver.pipeline.alert;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.pipeline.RunEnd;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// What is worth telling about a pipeline.
///
/// ```java
/// Alert.onFailure()
/// Alert.quarantineOver(0.05)
/// Alert.onDrift()
/// Alert.notDoneBy(LocalTime.of(7, 0), ZoneId.of("Europe/Berlin"))
/// Alert.when("few rows", run -> run.rowsLoaded() < 1_000)
/// Alert.when("mostly seen before", run -> run.droppedShare() > 0.9)
/// ```
///
/// It is told once, and once more when it is over; drift is told for each run that has some.
public final class Alert {
    private final String name;
    private final Rule rule;

    private Alert(String name, Rule rule) {
        this.name = name;
        this.rule = rule;
    }

    sealed interface Rule {
        /// A run failed.
        record Failure() implements Rule {}

        /// A run takes longer.
        record Late(Duration after) implements Rule {}

        /// No run ended well today.
        record NotDoneBy(LocalTime time, ZoneId zone) implements Rule {}

        /// More of the rows are in quarantine.
        record Quarantine(double share) implements Rule {}

        /// A run loaded something else than the one before.
        record Drift() implements Rule {}

        /// A run that ended well has figures like these.
        record Custom(Predicate<RunEnd> isBad) implements Rule {}
    }

    /// A run failed; over when one ends well.
    public static Alert onFailure() {
        return new Alert("failed", new Rule.Failure());
    }

    /// A run hasn't ended well some time after it was due; over when one does. A server sees it.
    public static Alert late(Duration after) {
        if (after.isNegative() || after.isZero())
            throw invalid("late(%s)".formatted(after), "give a time that is positive");
        return new Alert("late", new Rule.Late(after));
    }

    /// No run ended well since midnight when it is this time of day; over when one does. A server
    /// sees it.
    public static Alert notDoneBy(LocalTime time, ZoneId zone) {
        return new Alert("not done by " + time, new Rule.NotDoneBy(time, zone));
    }

    /// More than a share of a run's rows are in quarantine; over when a run has less.
    ///
    /// @param share from 0 to 1
    public static Alert quarantineOver(double share) {
        if (!(share >= 0 && share < 1))
            throw invalid("quarantineOver(%s)".formatted(share), "give a share from 0 to 1");
        String percent = String.format(Locale.ROOT, "%.2f", share * 100);
        String shown = percent.replaceAll("\\.?0+$", "");
        return new Alert("quarantine over " + shown + " %", new Rule.Quarantine(share));
    }

    /// What a run loaded differs from what the one before it had loaded, as
    /// [dev.quiver.pipeline.Pipeline#drift] finds it. Each run that differs is told, since what
    /// comes next is compared with that run; so it is never over.
    public static Alert onDrift() {
        return new Alert("drift", new Rule.Drift());
    }

    /// The figures of a run that ended well are such that somebody should know; over when those of
    /// another aren't.
    ///
    /// @param name what is wrong then, such as `few rows`
    public static Alert when(String name, Predicate<RunEnd> isBad) {
        if (name.isBlank()) throw invalid("an alert without a name", "say what is wrong then");
        return new Alert(name, new Rule.Custom(isBad));
    }

    private static QuiverException invalid(String what, String fix) {
        return new QuiverException(ErrorCode.ARGUMENT_INVALID, what, List.of(), fix);
    }

    /// What it is about, which tells it from other alerts of a pipeline.
    public String name() {
        return name;
    }

    /// What a run that ended says.
    ///
    /// @return whether something is wrong; empty when it doesn't tell
    Optional<Boolean> judge(RunEnd run) {
        boolean isDone = run.state() == RunEnd.State.DONE;
        return switch (rule) {
            case Rule.Failure() ->
                    run.state() == RunEnd.State.STOPPED ? Optional.empty() : Optional.of(!isDone);
            case Rule.Late _, Rule.NotDoneBy _ -> isDone ? Optional.of(false) : Optional.empty();
            case Rule.Quarantine(double share) ->
                    isDone ? Optional.of(run.quarantinedShare() > share) : Optional.empty();
            case Rule.Drift() -> run.drift().isEmpty() ? Optional.empty() : Optional.of(true);
            case Rule.Custom(var isBad) -> isDone ? Optional.of(isBad.test(run)) : Optional.empty();
        };
    }

    /// Whether it is about what [dev.quiver.pipeline.Pipeline#drift] finds.
    public boolean needsDrift() {
        return rule instanceof Rule.Drift;
    }

    /// Whether each run that it is about is told, not only the first until it is over.
    boolean isOfEachRun() {
        return rule instanceof Rule.Drift;
    }

    /// Whether a run that hasn't ended well is late.
    boolean isLate(Lateness lateness) {
        return switch (rule) {
            case Rule.Late(Duration after) -> lateness.isLate(after);
            case Rule.NotDoneBy(LocalTime time, ZoneId zone) -> lateness.isMissing(time, zone);
            case Rule.Failure _, Rule.Quarantine _, Rule.Drift _, Rule.Custom _ -> false;
        };
    }

    /// What a person reads about a run.
    String about(RunEnd run) {
        return switch (rule) {
            case Rule.Quarantine _ ->
                    String.format(
                            Locale.ROOT,
                            "%.2f %% of the rows of run '%s' are in quarantine: %,d of %,d",
                            run.quarantinedShare() * 100,
                            run.start().run(),
                            run.quarantined(),
                            run.rows().all());
            case Rule.Drift _ ->
                    "what run '%s' loaded differs from what was loaded before"
                            .formatted(run.start().run());
            case Rule.Custom _ ->
                    "run '%s': %s (%s)".formatted(run.start().run(), name, run.rows());
            case Rule.Failure _, Rule.Late _, Rule.NotDoneBy _ ->
                    run.failure()
                            .map(RunEnd.Failure::what)
                            .orElse("run '%s' failed".formatted(run.start().run()));
        };
    }

    /// Lines that say more.
    List<String> where(RunEnd run) {
        if (rule instanceof Rule.Drift) return run.drift();
        return run.failure().map(RunEnd.Failure::where).orElse(List.of());
    }

    @Override
    public String toString() {
        return "Alert[%s]".formatted(name);
    }
}
