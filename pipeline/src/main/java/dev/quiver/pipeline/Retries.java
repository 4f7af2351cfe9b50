package dev.quiver.pipeline;

import dev.quiver.error.Cancelled;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.GateFailed;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Tries the steps of one run again, and says what failed when that doesn't help.
final class Retries {
    private static final Logger LOG = LoggerFactory.getLogger(Retries.class);

    private final String pipeline;
    private final RetryPolicy policy;
    private final Surroundings surroundings;
    private int retries;

    Retries(String pipeline, RetryPolicy policy, Surroundings surroundings) {
        this.pipeline = pipeline;
        this.policy = policy;
        this.surroundings = surroundings;
    }

    /// How often something was tried again so far.
    int count() {
        return retries;
    }

    /// Where something failed.
    ///
    /// @param step such as `extract`
    /// @param unit such as `unit 7 of 22`; empty for a step without units
    /// @param part what the unit is of; may be empty
    /// @param progress what is done and stays; may be empty
    record Place(String step, String unit, String part, String progress) {
        static Place of(String step) {
            return new Place(step, "", "", "");
        }
    }

    /// The result of some work, which is done again where that may help.
    <T> T run(Place place, Callable<T> work) {
        for (int tried = 1; ; tried++) {
            try {
                surroundings.trouble().before(place.step(), 0);
                return work.call();
            } catch (QuiverException e) {
                again(place, e, tried);
            } catch (Exception e) {
                throw failed(place, thrown(e), tried);
            }
        }
    }

    /// Lets go wrong what is to go wrong once a unit's files are written.
    ///
    /// @param unit from 1
    void entering(String step, int unit) {
        surroundings.trouble().before(step, unit);
    }

    private static QuiverException thrown(Exception cause) {
        if (cause instanceof InterruptedException) return interrupted(cause);
        return new TaskFailed(
                "it threw " + cause, List.of(), "mend the function of this step", cause);
    }

    private static Cancelled interrupted(Exception cause) {
        Thread.currentThread().interrupt();
        return new Cancelled(
                "the run was cancelled, because its thread was interrupted",
                List.of(),
                "run the pipeline again: it goes on where it was",
                cause);
    }

    /// Pauses before another try.
    ///
    /// @param tried how often it was tried
    /// @throws QuiverException when there is to be none: the failure and its place
    void again(Place place, QuiverException failure, int tried) {
        if (failure instanceof Cancelled) throw failure;
        if (!RetryPolicy.mayPass(failure) || tried >= policy.tries())
            throw failed(place, failure, tried);
        Duration pause = policy.pause(tried, surroundings.random());
        if (!place.unit().isEmpty()) MDC.put("unit", place.unit());
        LOG.warn(
                "pipeline '{}': {}{} failed, try {} of {} in {}: {}",
                pipeline,
                place.step(),
                place.unit().isEmpty() ? "" : ", " + place.unit(),
                tried + 1,
                policy.tries(),
                String.format(Locale.ROOT, "%.1f s", pause.toNanos() / 1e9),
                failure.what());
        retries++;
        try {
            surroundings.pause().of(pause);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private QuiverException failed(Place place, QuiverException failure, int tried) {
        var where = new ArrayList<String>();
        if (!place.part().isEmpty()) where.add("unit: " + place.part());
        if (tried > 1) where.add("tried: %d times".formatted(tried));
        where.addAll(failure.where());
        String unit = place.unit().isEmpty() ? "" : ", " + place.unit();
        String what =
                "pipeline '%s' stopped in %s%s: %s"
                        .formatted(pipeline, place.step(), unit, failure.what());
        String fix = failure.fix();
        if (!place.progress().isEmpty())
            fix = "%s; then run the pipeline again: %s".formatted(fix, place.progress());
        if (failure instanceof GateFailed) return new GateFailed(what, where, fix, failure);
        if (failure.code() == ErrorCode.TASK_FAILED)
            return new TaskFailed(what, where, fix, cause(failure));
        return new QuiverException(failure.code(), what, where, fix, failure);
    }

    private static Throwable cause(QuiverException failure) {
        Throwable cause = failure.getCause();
        return cause == null ? failure : cause;
    }
}
