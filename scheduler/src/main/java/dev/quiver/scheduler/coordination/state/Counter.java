package dev.quiver.scheduler.coordination.state;

import dev.quiver.error.ErrorCode;
import dev.quiver.protocol.CoordinationAnswer;
import dev.quiver.protocol.CoordinationFact;
import dev.quiver.protocol.CoordinationRequest;
import java.util.function.Consumer;

/// A number that all may add to.
final class Counter extends Shared {
    private long value;

    Counter(SharedKey key, long value) {
        super(key);
        this.value = value;
    }

    @Override
    CoordinationAnswer attempt(Participant participant, CoordinationRequest what) {
        return switch (what) {
            case CoordinationRequest.Add(_, long delta) -> {
                long sum = value + delta;
                if (((value ^ sum) & (delta ^ sum)) < 0)
                    yield new CoordinationAnswer.Refused(
                            ErrorCode.OVERFLOW,
                            "%s stands at %d; %d more don't fit into 64 bits"
                                    .formatted(key, value, delta),
                            "set it back, or count in larger units");
                value = sum;
                yield number(sum);
            }
            case CoordinationRequest.SetCounter(_, long next) -> {
                long before = value;
                value = next;
                yield number(before);
            }
            default -> throw notMine(what);
        };
    }

    @Override
    boolean isForgettable() {
        return value == 0;
    }

    @Override
    void facts(Consumer<CoordinationFact> out) {
        if (value != 0) out.accept(new CoordinationFact.Counter(key.name(), value));
    }

    @Override
    String broken() {
        return waiting.isEmpty() ? "" : "somebody waits for a counter";
    }
}
