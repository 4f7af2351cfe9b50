package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.security.SessionProof;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// The clients that the scheduler says are connected, as a worker asks it when they call.
final class ConnectedClients implements Predicate<SessionProof> {
    /// So long an answer holds.
    private static final long KNOWN_NANOS = 60_000_000_000L;

    private final SchedulerDoors scheduler;

    /// When the scheduler said so.
    private final Map<SessionProof, Long> known = new ConcurrentHashMap<>();

    ConnectedClients(SchedulerDoors scheduler) {
        this.scheduler = scheduler;
    }

    /// Waits for the scheduler where it wasn't asked lately.
    ///
    /// @throws QuiverException UNAVAILABLE when it doesn't answer
    @Override
    public boolean test(SessionProof proof) {
        long now = System.nanoTime();
        known.values().removeIf(said -> now - said > KNOWN_NANOS);
        if (known.containsKey(proof)) return true;
        try {
            var _ =
                    scheduler.ask(
                            new Question.Vouch(proof.client(), proof.proof()),
                            Answer.Done.class,
                            Duration.ZERO);
        } catch (QuiverException e) {
            if (e.code() == ErrorCode.ACCESS_DENIED) return false;
            throw e;
        }
        known.put(proof, now);
        return true;
    }
}
