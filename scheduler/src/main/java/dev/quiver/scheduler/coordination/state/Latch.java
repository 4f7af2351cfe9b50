package dev.quiver.scheduler.coordination.state;

import dev.quiver.protocol.CoordinationAnswer;
import dev.quiver.protocol.CoordinationFact;
import dev.quiver.protocol.CoordinationRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A count that goes down to zero and stays there.
final class Latch extends Shared {
    private final long start;
    private long left;

    Latch(SharedKey key, long start, long left) {
        super(key);
        this.start = start;
        this.left = left;
    }

    @Override
    @Nullable CoordinationAnswer attempt(Participant participant, CoordinationRequest what) {
        return switch (what) {
            case CoordinationRequest.CountDown(_, long asked, long by) -> {
                if (asked != start) yield other("count", start, asked);
                left -= Math.min(left, by);
                yield number(left);
            }
            case CoordinationRequest.AwaitLatch(_, long asked, _) -> {
                if (asked != start) yield other("count", start, asked);
                yield left == 0 ? DONE : null;
            }
            default -> throw notMine(what);
        };
    }

    @Override
    boolean isForgettable() {
        return left == start;
    }

    @Override
    void facts(Consumer<CoordinationFact> out) {
        out.accept(new CoordinationFact.Latch(key.name(), start, left));
    }

    @Override
    String broken() {
        if (left < 0 || left > start) return "%d of %d are left".formatted(left, start);
        return left == 0 && !waiting.isEmpty() ? "nothing is left and somebody waits" : "";
    }
}
