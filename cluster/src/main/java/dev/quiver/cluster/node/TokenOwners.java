package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.security.Caller;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// The owners of tokens, as a worker asks the scheduler when they call.
final class TokenOwners implements Function<String, Optional<Caller>> {
    /// So long an answer holds.
    private static final long KNOWN_NANOS = 60_000_000_000L;

    private record Known(Caller owner, long saidNanos) {}

    private final SchedulerDoors scheduler;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    TokenOwners(SchedulerDoors scheduler) {
        this.scheduler = scheduler;
    }

    /// Waits for the scheduler where it wasn't asked lately.
    ///
    /// @throws QuiverException UNAVAILABLE when it doesn't answer
    @Override
    public Optional<Caller> apply(String token) {
        long now = System.nanoTime();
        known.values().removeIf(owner -> now - owner.saidNanos() > KNOWN_NANOS);
        Known lately = known.get(token);
        if (lately != null) return Optional.of(lately.owner());
        Answer.Owner answer;
        try {
            answer = scheduler.ask(new Question.Bearer(token), Answer.Owner.class, Duration.ZERO);
        } catch (QuiverException e) {
            if (e.code() == ErrorCode.ACCESS_DENIED) return Optional.empty();
            throw e;
        }
        var owner = new Caller(answer.name(), EnumSet.copyOf(answer.rights()));
        known.put(token, new Known(owner, now));
        return Optional.of(owner);
    }
}
