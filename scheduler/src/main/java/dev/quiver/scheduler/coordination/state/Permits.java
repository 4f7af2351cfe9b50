package dev.quiver.scheduler.coordination.state;

import dev.quiver.protocol.CoordinationAnswer;
import dev.quiver.protocol.CoordinationFact;
import dev.quiver.protocol.CoordinationRequest;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A semaphore; a lock is one with a single permit. Who came first is served first, also before one
/// behind it that wants fewer.
final class Permits extends Shared {
    private record Hold(Participant participant, int permits) {}

    private final LongSupplier tokens;
    private final int permitsMax;
    private final TreeMap<Long, Hold> holds = new TreeMap<>();
    private int free;

    Permits(SharedKey key, int permitsMax, LongSupplier tokens) {
        super(key);
        this.permitsMax = permitsMax;
        this.tokens = tokens;
        this.free = permitsMax;
    }

    @Override
    @Nullable CoordinationAnswer attempt(Participant participant, CoordinationRequest what) {
        return switch (what) {
            case CoordinationRequest.Acquire(_, _, int max, int permits, _) -> {
                if (max != permitsMax) yield other("number of permits", permitsMax, max);
                if (permits > free) yield null;
                long token = tokens.getAsLong();
                hold(token, participant, permits);
                yield number(token);
            }
            case CoordinationRequest.CountFree(_, _, int max) ->
                    max == permitsMax ? number(free) : other("number of permits", permitsMax, max);
            case CoordinationRequest.Release(_, _, long token) -> {
                Hold hold = holds.get(token);
                if (hold != null && hold.participant == participant) release(token);
                yield DONE;
            }
            default -> throw notMine(what);
        };
    }

    void hold(long token, Participant participant, int permits) {
        free -= permits;
        holds.put(token, new Hold(participant, permits));
        participant.holds.put(token, key);
    }

    void release(long token) {
        Hold hold = holds.remove(token);
        if (hold == null) return;
        hold.participant.holds.remove(token);
        free += hold.permits;
    }

    @Override
    boolean goesBehind(CoordinationRequest what) {
        return what instanceof CoordinationRequest.Acquire(_, _, int max, _, _)
                && max == permitsMax
                && !waiting.isEmpty();
    }

    @Override
    boolean isForgettable() {
        return holds.isEmpty();
    }

    @Override
    void facts(Consumer<CoordinationFact> out) {
        holds.forEach((token, hold) ->
                out.accept(
                        new CoordinationFact.Held(
                                key.kind(),
                                key.name(),
                                permitsMax,
                                token,
                                hold.participant.client,
                                hold.permits)));
    }

    @Override
    String broken() {
        int held = holds.values().stream().mapToInt(Hold::permits).sum();
        if (held + free != permitsMax || free < 0)
            return "%d held, %d free of %d".formatted(held, free, permitsMax);
        if (waiting.isEmpty()) return "";
        var first = (CoordinationRequest.Acquire) waiting.firstEntry().getValue().what();
        return first.permits() > free ? "" : "the first waits for %d".formatted(first.permits());
    }
}
