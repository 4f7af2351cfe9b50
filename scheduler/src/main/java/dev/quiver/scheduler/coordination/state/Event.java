package dev.quiver.scheduler.coordination.state;

import dev.quiver.protocol.CoordinationAnswer;
import dev.quiver.protocol.CoordinationFact;
import dev.quiver.protocol.CoordinationRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Is set or isn't.
final class Event extends Shared {
    private boolean set;

    Event(SharedKey key) {
        super(key);
    }

    @Override
    @Nullable CoordinationAnswer attempt(Participant participant, CoordinationRequest what) {
        return switch (what) {
            case CoordinationRequest.SetEvent _ -> {
                set = true;
                yield DONE;
            }
            case CoordinationRequest.ClearEvent _ -> {
                set = false;
                yield DONE;
            }
            case CoordinationRequest.AwaitEvent _ -> set ? DONE : null;
            default -> throw notMine(what);
        };
    }

    @Override
    boolean isForgettable() {
        return !set;
    }

    @Override
    void facts(Consumer<CoordinationFact> out) {
        if (set) out.accept(new CoordinationFact.EventSet(key.name()));
    }

    @Override
    String broken() {
        return set && !waiting.isEmpty() ? "it is set and waited for" : "";
    }
}
