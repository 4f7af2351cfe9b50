package dev.quiver.pipeline;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// How often a step is tried and how long the pauses are.
///
/// @param tries in all, at least 1
/// @param first the pause before the second try; each later one is twice as long
record RetryPolicy(int tries, Duration first) {
    static final RetryPolicy DEFAULT = new RetryPolicy(3, Duration.ofSeconds(1));

    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int TRIES_MAX = 100;

    RetryPolicy {
        if (tries < 1 || tries > TRIES_MAX || first.isNegative())
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "retry(%d, %s)".formatted(tries, first),
                    List.of(),
                    "give 1 to %d tries and a pause that isn't negative".formatted(TRIES_MAX));
    }

    /// Whether trying again may help: the data and the plan would be the same.
    static boolean mayPass(QuiverException failure) {
        return failure.code() == ErrorCode.IO_FAILED || failure.code() == ErrorCode.UNAVAILABLE;
    }

    /// The pause after the try `tried`, the first being 1, between a half and one and a half of its
    /// length, so that those who failed together don't try again together.
    Duration pause(int tried, RandomGenerator random) {
        double longest = LONGEST.toNanos();
        double nanos = Math.min(longest, first.toNanos() * Math.pow(2, tried - 1.0));
        return Duration.ofNanos((long) (nanos * (0.5 + random.nextDouble())));
    }
}
