package dev.quiver.scheduler.coordination.state;

import dev.quiver.operator.Bytes;
import dev.quiver.protocol.CoordinationAnswer;
import dev.quiver.protocol.CoordinationFact;
import dev.quiver.protocol.CoordinationRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A value that all may read and replace.
final class Variable extends Shared {
    private final Room room;
    private @Nullable Bytes value;

    Variable(SharedKey key, Room room) {
        super(key);
        this.room = room;
    }

    @Override
    @Nullable CoordinationAnswer attempt(Participant participant, CoordinationRequest what) {
        return switch (what) {
            case CoordinationRequest.SetVariable(_, var next) -> {
                set(next);
                yield DONE;
            }
            case CoordinationRequest.GetVariable _ -> {
                Bytes there = value;
                yield there == null ? null : new CoordinationAnswer.Value(there);
            }
            default -> throw notMine(what);
        };
    }

    void set(Bytes next) {
        clear();
        room.take(next.size());
        value = next;
    }

    @Override
    boolean isForgettable() {
        return value == null;
    }

    @Override
    void clear() {
        room.giveBack((int) valueBytes());
        value = null;
    }

    @Override
    long valueBytes() {
        Bytes there = value;
        return there == null ? 0 : there.size();
    }

    @Override
    void facts(Consumer<CoordinationFact> out) {
        Bytes there = value;
        if (there != null) out.accept(new CoordinationFact.VariableSet(key.name(), there));
    }

    @Override
    String broken() {
        return value != null && !waiting.isEmpty() ? "it is set and waited for" : "";
    }
}
