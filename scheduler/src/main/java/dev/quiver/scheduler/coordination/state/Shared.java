package dev.quiver.scheduler.coordination.state;

import dev.quiver.error.ErrorCode;
import dev.quiver.protocol.CoordinationAnswer;
import dev.quiver.protocol.CoordinationFact;
import dev.quiver.protocol.CoordinationRequest;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Something that clients share under a name.
abstract sealed class Shared permits Permits, Event, Queue, Variable, Latch, Topic, Counter {
    static final CoordinationAnswer DONE = new CoordinationAnswer.Done();

    final SharedKey key;

    /// Who waits, by their turns.
    final TreeMap<Long, Parked> waiting = new TreeMap<>();

    Shared(SharedKey key) {
        this.key = key;
    }

    /// Does what is asked.
    ///
    /// @return null when it must wait; then nothing has happened
    abstract @Nullable CoordinationAnswer attempt(
            Participant participant, CoordinationRequest what);

    /// True when the request may not overtake those that wait.
    boolean goesBehind(CoordinationRequest what) {
        return false;
    }

    /// True when nobody who waits can go on as long as the first of them can't.
    boolean servesInTurn() {
        return true;
    }

    /// True when it is as it would be if nobody had ever named it; nobody waits.
    abstract boolean isForgettable();

    /// Forgets its values: it goes.
    void clear() {}

    abstract void facts(Consumer<CoordinationFact> out);

    /// Why something that must always hold doesn't; empty when it does.
    abstract String broken();

    /// The bytes of the values that it keeps.
    long valueBytes() {
        return 0;
    }

    static CoordinationAnswer number(long value) {
        return new CoordinationAnswer.Count(value);
    }

    final CoordinationAnswer refused(String what, String fix) {
        return new CoordinationAnswer.Refused(ErrorCode.ARGUMENT_INVALID, what, fix);
    }

    /// It is named with another number than before.
    final CoordinationAnswer other(String number, long there, long asked) {
        return refused(
                "%s has a %s of %d, not %d".formatted(key, number, there, asked),
                "name the same number everywhere, or give it another name");
    }

    final IllegalStateException notMine(CoordinationRequest what) {
        return new IllegalStateException("%s of %s".formatted(what, key));
    }
}
